"""SPARQL as text: tokens, what a query may do, where one is wrong, and why one finds nothing.

Nothing here knows a process or HTTP. ``guard`` judges a query by its ``tokens``, ``syntax`` says where a malformed one
breaks, ``explain`` what an answer depends on; ``query`` holds the values that all rooms hand on.
"""
