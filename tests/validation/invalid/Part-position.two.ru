# A booklet has two numbers.
INSERT DATA { GRAPH graph:editorial { work:vielfalt-schafft-zukunft-heft-1 schema:position 7 } }
