# The association is taken for the region.
INSERT DATA { GRAPH graph:editorial { organisation:regionalverband-ruhr a schema:Place } }
