"""What a measurement says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A ratio (or megabytes) with its goal; `what` says what stands above and below the line."""

    name: str
    what: str
    figure: float
    goal: float

    @property
    def holds(self) -> bool:
        """Say whether the goal is reached: at most so much."""
        return self.figure <= self.goal
