"""The engine room: answers SPARQL queries over a release, in processes that can be killed.

Left of it lies the frozen release, right of it HTTP. Nothing here knows a request or a status code. Start reading in
``interface`` (what a caller sees), ``guard`` (what a query may do) and ``pool`` (how one is answered).
"""
