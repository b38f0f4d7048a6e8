# The handbook came out of an event.
DELETE { GRAPH ?passage { work:vielfalt-schafft-zukunft ik:resultOf outcome:ergebnis-3 } }
INSERT { GRAPH ?passage { work:vielfalt-schafft-zukunft ik:resultOf event:forum-2010 } }
WHERE { GRAPH ?passage { work:vielfalt-schafft-zukunft ik:resultOf outcome:ergebnis-3 } }
