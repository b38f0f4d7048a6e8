"""The whole site as plain files that any web server or archive can serve.

Outside the rooms: renders the application, in processes of its own, at every address that the release and the pages
name, and writes down the answers. In go settings and a release, out comes a folder.
"""
