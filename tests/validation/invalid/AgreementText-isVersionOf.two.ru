# A wording belongs to two agreements.
INSERT DATA { GRAPH graph:editorial { text:ein-zeichen-fuer-vielfalt-und-talente dcterms:isVersionOf agreement:staedtekooperationsvertrag } }
