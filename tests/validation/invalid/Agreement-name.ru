# The contract of 2003 is recorded without its name.
DELETE WHERE { GRAPH ?passage { agreement:staedtekooperationsvertrag schema:name ?value } }
