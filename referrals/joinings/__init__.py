"""Two records of one child, read as one: joined as a dated fact, and taken apart again."""
