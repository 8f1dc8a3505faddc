"""Who has looked at a child: what a line of it says, and which days are read."""

from dataclasses import dataclass
from datetime import datetime

USUAL_DAYS = 90
KEPT_BY_THEM = "Kept by that agency"


@dataclass(frozen=True)
class Look:
    """Something that was done with a child's record; `reason` is another agency's own where it is None."""

    at: datetime
    username: str
    role: str
    agency: str
    verb: str
    event: str
    page: str
    reason: str | None

    @property
    def what(self) -> str:
        """Say what was done, in the words of the list."""
        if self.event.startswith("search"):
            return "Found in a search"
        if self.event == "child.printed":
            return "Printed"
        if self.verb == "disclosure":
            return f"Passed on: {self.event}"
        if self.verb == "consultation":
            return f"Saw: {self.page or self.event}"
        return f"Changed: {self.event}"

    @property
    def why(self) -> str:
        """Give the reason as far as the reader may know it."""
        return KEPT_BY_THEM if self.reason is None else self.reason or "Not said"


@dataclass(frozen=True)
class Looker:
    """Somebody who looked, and how often."""

    user_id: int
    username: str
    times: int
