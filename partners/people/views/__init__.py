"""The pages about people: those of administrators, and the way in anew."""
