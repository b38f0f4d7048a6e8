# The names of the cooperation are taken for short forms.
DELETE { GRAPH ?passage { cooperation:integration-interkommunal schema:name ?name } }
INSERT { GRAPH ?passage { cooperation:integration-interkommunal schema:alternateName ?name } }
WHERE { GRAPH ?passage { cooperation:integration-interkommunal schema:name ?name } }
