# The wording has lost its date.
DELETE WHERE { GRAPH ?passage { text:staedteregion-ruhr-2010-05-28 dcterms:date ?value } }
