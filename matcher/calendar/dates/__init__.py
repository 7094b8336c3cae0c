"""Dates beside the network meetings: talks, visits, calls and outings."""
