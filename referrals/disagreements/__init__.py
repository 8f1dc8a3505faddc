"""Professional disagreements: raised on an episode, taken up level by level, settled with the reason."""
