"""The engine room: answers SPARQL queries over a release, in processes that can be killed.

Left of it lies the frozen release, right of it HTTP. Nothing here knows a request or a status code. Start reading in
``engine`` (what a caller sees), ``scheduler`` (which worker answers what) and ``pool`` (how that is carried out).
"""
