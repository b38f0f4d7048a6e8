# The contract of 2003 has lost its year.
DELETE WHERE { GRAPH ?passage { agreement:staedtekooperationsvertrag dcterms:created ?value } }
