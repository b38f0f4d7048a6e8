# The examples were presented at a venue instead of an event.
DELETE { GRAPH ?passage { work:best-practice-beispiele ik:presentedAt ?value } }
INSERT { GRAPH ?passage { work:best-practice-beispiele ik:presentedAt place:wissenschaftspark-gelsenkirchen } }
WHERE { GRAPH ?passage { work:best-practice-beispiele ik:presentedAt ?value } }
