# The contract of 2003 is recorded without saying what kind it is.
DELETE WHERE { GRAPH ?passage { agreement:staedtekooperationsvertrag dcterms:type ?value } }
