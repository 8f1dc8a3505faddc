"""Disclosure control of Appendix 1: nothing published leaves without it.

`publish` makes a published report; it loads numpy, so it is imported where something is published.
"""
