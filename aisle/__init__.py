"""Aisle: the command line, the settings and the pytest plugin over the rooms beside it.

It knows what a person can ask for on a command line; it decides nothing about products or dialogue.
"""

__version__ = "0.5.0"
