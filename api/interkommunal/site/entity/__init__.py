"""The page of one thing: what it is, what is known of it, who says so, and what is in doubt.

``context`` gathers all that a page needs, ``sections`` says which groups of facts there are, ``rows`` and ``clusters``
fill them and put each beside its source, ``sentences`` says in one sentence what the thing is, ``page`` puts it
together. ``model`` holds the values that templates show.
"""
