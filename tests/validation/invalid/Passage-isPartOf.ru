# A passage stands in no section.
DELETE WHERE { GRAPH graph:passages { p:L039 dcterms:isPartOf ?value } }
