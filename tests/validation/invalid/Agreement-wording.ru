# The wording of the declaration is filed under the contract.
DELETE { GRAPH ?passage { text:ein-zeichen-fuer-vielfalt-und-talente dcterms:isVersionOf ?value } }
INSERT { GRAPH ?passage { text:ein-zeichen-fuer-vielfalt-und-talente dcterms:isVersionOf agreement:staedteregion-ruhr } }
WHERE { GRAPH ?passage { text:ein-zeichen-fuer-vielfalt-und-talente dcterms:isVersionOf ?value } }
