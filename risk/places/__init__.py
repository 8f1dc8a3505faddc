"""Places of concern, as somebody reported them: put forward for a day's meeting, and what it said of them."""
