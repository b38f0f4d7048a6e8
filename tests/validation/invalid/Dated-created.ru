# A year is written as text.
DELETE { GRAPH ?passage { agreement:staedtekooperationsvertrag dcterms:created ?value } }
INSERT { GRAPH ?passage { agreement:staedtekooperationsvertrag dcterms:created "2003" } }
WHERE { GRAPH ?passage { agreement:staedtekooperationsvertrag dcterms:created ?value } }
