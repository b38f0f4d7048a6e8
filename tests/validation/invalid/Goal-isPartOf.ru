# A sub-goal is part of the contract instead of a goal.
DELETE { GRAPH ?passage { goal:ruhr-1-a dcterms:isPartOf ?value } }
INSERT { GRAPH ?passage { goal:ruhr-1-a dcterms:isPartOf agreement:staedteregion-ruhr } }
WHERE { GRAPH ?passage { goal:ruhr-1-a dcterms:isPartOf ?value } }
