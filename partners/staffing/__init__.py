"""Who is newly qualified, who is away, and who covers for them."""
