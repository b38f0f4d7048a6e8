# Nothing says when or where the consultations were.
DELETE WHERE { GRAPH graph:editorial { event:beratungen-der-sechs-kommunen ik:dateBounds ?value } }
