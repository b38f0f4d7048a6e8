# A participation hangs in the air.
DELETE WHERE { GRAPH ?passage { agreement:staedtekooperationsvertrag cv:hasParticipation participation:vertrag-2003-bochum } }
