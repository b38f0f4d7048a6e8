"""The source reader: a text as it was printed, its passages marked, each with the statements read from it.

``register`` asks for the passages of a source and cuts its lines into stretches that the same passages cover,
``handler`` puts the page together and answers requests.
"""
