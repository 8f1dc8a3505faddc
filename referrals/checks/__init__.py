"""Agency checks: what each agency knows about a child, asked before the daily meeting."""
