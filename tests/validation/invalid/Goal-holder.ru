# Nobody wants a goal.
DELETE WHERE { GRAPH ?passage { goal:seite-gemeinsames-handeln ik:declaredBy ?value } }
