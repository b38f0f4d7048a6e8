"""Lets ``python -m interkommunal`` run the command line."""

from interkommunal.cli import main

main()
