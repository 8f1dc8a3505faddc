"""Who may see a child's record beyond what their role shows, and from whom it is hidden."""
