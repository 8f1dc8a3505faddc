"""Access to records that somebody else reviews: one queue, one form, one closing for all of it."""
