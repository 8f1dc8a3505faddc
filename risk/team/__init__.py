"""The manager's view of the team: who has how much, who is away, what nobody leads."""
