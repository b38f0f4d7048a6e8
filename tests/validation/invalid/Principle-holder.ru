# Nobody holds a principle.
DELETE WHERE { GRAPH ?passage { agreement:staedteregion-ruhr ik:hasPrinciple principle:eignung } }
