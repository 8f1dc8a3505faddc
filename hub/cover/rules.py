"""How often somebody may try to uncover a hidden screen."""

from dataclasses import dataclass

TRIES = 5


@dataclass(frozen=True)
class Answer:
    """What became of a try: the screen is shown again, or so many tries are left."""

    shown: bool
    tries_left: int

    @property
    def sentence(self) -> str:
        """What the person is told; nothing where the screen is shown."""
        if self.shown:
            return ""
        tries = "1 try" if self.tries_left == 1 else f"{self.tries_left} tries"
        return f"The password is wrong. You have {tries} left before you are signed out"


def tries_left(wrong: int) -> int:
    """Count what is left after so many wrong passwords since the screen was hidden."""
    return max(TRIES - wrong, 0)
