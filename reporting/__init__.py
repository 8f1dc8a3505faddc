"""How we are doing: extracts in, Appendix 1 out, the demo."""
