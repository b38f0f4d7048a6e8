# An inference names no passage.
DELETE WHERE { GRAPH graph:editorial { inference:facebook-aus-ergebnis-8 prov:wasDerivedFrom ?value } }
