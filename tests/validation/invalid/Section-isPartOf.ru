# A section belongs to no source.
DELETE WHERE { GRAPH ?passage { section:grundlagen-1 dcterms:isPartOf ?value } }
