# The section is taken for the source that prints the wording.
DELETE { GRAPH ?passage { text:ein-zeichen-fuer-vielfalt-und-talente dcterms:isPartOf ?value } }
INSERT { GRAPH ?passage { text:ein-zeichen-fuer-vielfalt-und-talente dcterms:isPartOf section:grundlagen-3 } }
WHERE { GRAPH ?passage { text:ein-zeichen-fuer-vielfalt-und-talente dcterms:isPartOf ?value } }
