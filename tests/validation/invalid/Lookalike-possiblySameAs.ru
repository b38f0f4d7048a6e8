# Being possibly the same holds one way only.
DELETE WHERE { GRAPH graph:editorial { work:zukunftsbilder-zukunftschancen ik:possiblySameAs ?value } }
