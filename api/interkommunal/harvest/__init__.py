"""What portals and crawlers fetch: catalogue, dumps, kept releases, VoID, site map and the small files that lead there.

In go requests and the releases on disk, out come documents made once a release, and files as they lie there.
"""
