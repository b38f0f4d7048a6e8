"""The command line. It stands outside the rooms and calls each of them; ``interkommunal --help`` shows the way in.

In go arguments and settings, out come text for people or formats for programs, and an exit status: 0 done, 1 something
is wrong and was said in one line, 2 the command was not understood, 130 interrupted.
"""

from interkommunal.cli.main import main

__all__ = ["main"]
