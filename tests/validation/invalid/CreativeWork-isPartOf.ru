# A booklet is part of a list.
DELETE { GRAPH ?passage { work:vielfalt-schafft-zukunft-heft-1 schema:isPartOf ?value } }
INSERT { GRAPH ?passage { work:vielfalt-schafft-zukunft-heft-1 schema:isPartOf list:veroeffentlichungen } }
WHERE { GRAPH ?passage { work:vielfalt-schafft-zukunft-heft-1 schema:isPartOf ?value } }
