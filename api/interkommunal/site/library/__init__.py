"""The query library over HTTP: each question as a page, as data in many formats, as code, and as RDF.

Questions come from the release and rows through the engine; what people type is bound as terms
(:mod:`interkommunal.release.values`). A question appears here by being in the release, nothing else.
"""
