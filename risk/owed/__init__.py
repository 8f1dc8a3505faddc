"""What each person owes: one list of all kinds, overdue first."""
