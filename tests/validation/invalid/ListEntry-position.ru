# An entry has no place in its list.
DELETE WHERE { GRAPH ?passage { work:diversity-regionale-uebersicht schema:position ?value } }
