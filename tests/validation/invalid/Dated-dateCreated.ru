# A year is written in two digits.
INSERT DATA { GRAPH graph:editorial { work:deine-zukunft-findet-stadt-film schema:dateCreated "16"^^xsd:gYear } }
