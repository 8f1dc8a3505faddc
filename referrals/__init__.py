"""What was reported and what is being done: children, episodes, missing, support."""
