"""The static twin: the whole site as plain files that any web server or archive can serve.

Stands outside the rooms, as a visitor does: it asks the application, in this process, for every address that the
release and the pages name, and writes down what comes back. In go settings and a release, out comes a folder.
"""
