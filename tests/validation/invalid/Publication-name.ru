# A booklet has lost its title.
DELETE WHERE { GRAPH ?passage { work:vielfalt-schafft-zukunft-heft-1 schema:name ?value } }
