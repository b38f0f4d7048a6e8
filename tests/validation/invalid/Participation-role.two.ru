# A participation has two roles.
INSERT DATA { GRAPH graph:editorial { participation:vertrag-2003-bochum cv:role concept:role-signatory } }
