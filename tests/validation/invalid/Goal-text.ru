# A goal of the contract is recorded without its wording.
DELETE WHERE { GRAPH ?passage { goal:ruhr-2 schema:text ?value } }
