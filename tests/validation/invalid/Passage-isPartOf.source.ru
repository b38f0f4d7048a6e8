# The source is taken for the section.
DELETE { GRAPH graph:passages { p:L039 dcterms:isPartOf ?value } }
INSERT { GRAPH graph:passages { p:L039 dcterms:isPartOf source:grundlagen } }
WHERE { GRAPH graph:passages { p:L039 dcterms:isPartOf ?value } }
