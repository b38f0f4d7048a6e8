# The kind is taken from the code list of works.
DELETE { GRAPH ?passage { agreement:staedtekooperationsvertrag dcterms:type ?value } }
INSERT { GRAPH ?passage { agreement:staedtekooperationsvertrag dcterms:type concept:work-handbook } }
WHERE { GRAPH ?passage { agreement:staedtekooperationsvertrag dcterms:type ?value } }
