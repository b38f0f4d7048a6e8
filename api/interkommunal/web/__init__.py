"""HTTP for every other room: protocol, negotiation, cache, problems, logs and metrics; it knows no page.

``sparql`` answers queries without going through FastAPI's routing, because that is where the requests are.
"""
