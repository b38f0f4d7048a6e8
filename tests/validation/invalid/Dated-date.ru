# A year is written as text.
DELETE { GRAPH ?passage { caption:forum-2016 dcterms:date ?value } }
INSERT { GRAPH ?passage { caption:forum-2016 dcterms:date "2016" } }
WHERE { GRAPH ?passage { caption:forum-2016 dcterms:date ?value } }
