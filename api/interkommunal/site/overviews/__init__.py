"""Pages for looking rather than reading: start page, overviews with figures, lists with facets, and search.

Every fact on them comes from the release: through the engine, except for words that are searched, which come from
the search index beside the graph. Each overview has its data as CSV and its query as SPARQL at stable addresses.
"""
