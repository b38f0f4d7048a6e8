"""The page of one thing: what it is, what is known of it, who says so, and what is in doubt.

``context`` gathers all that a page needs, ``sections`` says which groups of facts there are, ``clusters`` fills
them and puts each row beside its source, ``sentences`` says in one sentence what the thing is, ``page`` joins them.
``model`` holds the values that templates show.
"""
