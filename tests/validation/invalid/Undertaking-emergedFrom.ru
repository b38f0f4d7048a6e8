# A contract is taken for the consultations it came from.
DELETE { GRAPH ?passage { agreement:staedteregion-ruhr ik:emergedFrom ?value } }
INSERT { GRAPH ?passage { agreement:staedteregion-ruhr ik:emergedFrom agreement:staedtekooperationsvertrag } }
WHERE { GRAPH ?passage { agreement:staedteregion-ruhr ik:emergedFrom ?value } }
