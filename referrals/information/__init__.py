"""New information on an open episode: what puts a case before the next meeting again."""
