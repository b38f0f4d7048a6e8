"""Finds which of our things others describe too, keeps the links right, and asks people before anything is believed.

It stands outside the rooms: it reads the assembled graph, asks an endpoint that speaks Wikidata's model, and writes the
mapping sets of ``data/links``. Nothing here runs while the server answers.
"""
