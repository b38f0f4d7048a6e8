# A statement was written without a passage around it.
INSERT DATA { city:essen schema:alternateName "Essen (Ruhr)"@de }
