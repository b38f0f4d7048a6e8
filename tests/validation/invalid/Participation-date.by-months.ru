# An accession is dated before the declaration of 20 September 2011.
INSERT DATA { GRAPH graph:editorial { participation:vielfalt-und-talente-vereine dcterms:date "2011-09-19"^^xsd:date } }
