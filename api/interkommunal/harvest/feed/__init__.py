"""The change feeds: the change table as LDES with TREE pages for programs, as Atom and as pages for people."""
