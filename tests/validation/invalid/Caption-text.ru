# A caption has lost its wording.
DELETE WHERE { GRAPH ?passage { caption:forum-2009 schema:text ?value } }
