# The heading of the wording is taken for another name.
DELETE { GRAPH ?passage { text:ein-zeichen-fuer-vielfalt-und-talente schema:name ?name } }
INSERT { GRAPH ?passage { text:ein-zeichen-fuer-vielfalt-und-talente schema:alternateName ?name } }
WHERE { GRAPH ?passage { text:ein-zeichen-fuer-vielfalt-und-talente schema:name ?name } }
