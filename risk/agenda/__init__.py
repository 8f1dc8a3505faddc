"""The day's list: everything that the next daily meeting must see, made by rules."""
