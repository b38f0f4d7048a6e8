# A booklet has no number.
DELETE WHERE { GRAPH ?passage { work:vielfalt-schafft-zukunft-heft-1 schema:position ?value } }
