"""Limits that cross each other: no network any more, so a search between bounds that a flow gives.

``plan`` answers a question, ``costs`` what a pair costs, ``guarantee`` who comes first by waiting; proved by the bound and
the search together.
"""
