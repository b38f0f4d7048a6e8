"""Figures: pure functions from rows to SVG, with a text alternative and the data behind it.

Nothing here asks the graph or knows a fact. A figure takes values that :mod:`interkommunal.site.overviews` read from
the release, draws them for a wide or a narrow page, and gives the table that says the same in words. Colours come
from ``figures.css`` through classes only, so that dark mode and print are the business of the style sheet.
"""
