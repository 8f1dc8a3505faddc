"""A child's case by reference: for those who count cases and need not know who a child is."""
