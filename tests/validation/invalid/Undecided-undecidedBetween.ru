# Something is undecided between one thing.
DELETE WHERE { GRAPH graph:editorial { goal:mehr-migranten-im-oeffentlichen-dienst ik:undecidedBetween work:deine-zukunft-findet-stadt-film } }
