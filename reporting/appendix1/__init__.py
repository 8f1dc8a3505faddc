"""Appendix 1: the data and statistics that the board gets once a year."""
