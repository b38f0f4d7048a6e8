# A publication is listed in the web site instead of the list.
DELETE { GRAPH ?passage { work:diversity-regionale-uebersicht ik:listedIn ?value } }
INSERT { GRAPH ?passage { work:diversity-regionale-uebersicht ik:listedIn website:integration-interkommunal } }
WHERE { GRAPH ?passage { work:diversity-regionale-uebersicht ik:listedIn ?value } }
