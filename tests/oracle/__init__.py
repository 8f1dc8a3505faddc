"""An independent computation of the Appendix 1 report, to hold the real one against.

Plain Python over the CSV files of an extract: it imports nothing of the project, so that a mistake
there cannot repeat itself here.
"""
