# An initiative is part of the cooperation instead of an initiative.
DELETE { GRAPH ?passage { initiative:welcome-ruhr dcterms:isPartOf ?value } }
INSERT { GRAPH ?passage { initiative:welcome-ruhr dcterms:isPartOf cooperation:integration-interkommunal } }
WHERE { GRAPH ?passage { initiative:welcome-ruhr dcterms:isPartOf ?value } }
