"""Checks an assembled graph with SHACL shapes and check queries.

In goes an ``Assembly``, out come findings, each with file, line and a message in German and English. Nothing here
changes the graph.
"""
