# The source is taken for an agreement.
INSERT DATA { GRAPH graph:editorial { text:ein-zeichen-fuer-vielfalt-und-talente dcterms:isVersionOf source:grundlagen } }
