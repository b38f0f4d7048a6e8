"""Pages for people and descriptions for machines: every IRI of a release opens, every statement shows its source.

``router.pages_routes`` is what the application mounts. ``things`` answers for descriptions, ``description`` gathers and
writes data, ``entity`` builds the page of a thing, ``reader`` shows a source with its passages, ``ontology`` the
vocabulary; ``frame`` holds templates, style and fonts.
"""
