# A role that members come from is taken for a role in the agreement.
DELETE { GRAPH ?passage { participation:vertrag-2003-bochum cv:role ?value } }
INSERT { GRAPH ?passage { participation:vertrag-2003-bochum cv:role city:bochum } }
WHERE { GRAPH ?passage { participation:vertrag-2003-bochum cv:role ?value } }
