"""Freezes an assembled graph into a folder that never changes, and opens such folders.

In goes an ``Assembly``, out comes a release: the graph in several formats and a manifest with the SHA-256 of each file.
"""
