# A booklet is part of nothing.
DELETE WHERE { GRAPH ?passage { work:vielfalt-schafft-zukunft-heft-1 schema:isPartOf ?value } }
