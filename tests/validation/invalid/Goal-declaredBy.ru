# A text declares a goal.
DELETE { GRAPH ?passage { goal:seite-gemeinsames-handeln ik:declaredBy ?value } }
INSERT { GRAPH ?passage { goal:seite-gemeinsames-handeln ik:declaredBy text:staedteregion-ruhr-2010-05-28 } }
WHERE { GRAPH ?passage { goal:seite-gemeinsames-handeln ik:declaredBy ?value } }
