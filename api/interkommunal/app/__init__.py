"""The application: puts the rooms together, and the process that serves it.

``application.create_app`` mounts what ``web``, ``site``, ``harvest`` and ``reconcile`` offer; ``server.serve`` opens a
release and an engine and runs it on a port.
"""
