"""The room that publishes: SPARQL protocol, pages and operations over HTTP.

``server.serve`` opens a release and an engine and runs ``app.create_app`` on a port. ``sparql`` answers queries without
going through FastAPI's routing, because that is where the requests are; everything else is a FastAPI route.
"""
