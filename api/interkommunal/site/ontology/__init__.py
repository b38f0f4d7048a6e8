"""The vocabulary for people: ``catalogue`` has all terms on one page and draws how they hang together, ``term`` one."""
