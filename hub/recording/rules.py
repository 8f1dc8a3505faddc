"""How long half-written things are kept, and how two versions are laid side by side."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

DRAFT_KEPT = timedelta(days=30)
# What was sent by one whose session had ended waits this long for the same person to sign in again.
SEALED_KEPT = timedelta(minutes=15)
SENT_KEPT = timedelta(days=2)
MOST_DRAFTS = 50
LONGEST_DRAFT = 60_000
LONGEST_ADDRESS = 200

# What stands in a form besides the answers.
NOT_ANSWERS = {"csrfmiddlewaretoken", "once", "later", "discard", "renew"}
NOTHING = "Not recorded"

Answers = dict[str, list[str]]


@dataclass(frozen=True)
class Side:
    """One question of a conflict: what is stored now, what was typed, and whether they differ."""

    label: str
    stored: str
    typed: str

    @property
    def differs(self) -> bool:
        """Whether the two say something else."""
        return self.stored != self.typed


def answers_of(lists: dict[str, list[str]]) -> Answers:
    """Keep the answers of a form that was sent, without its tokens and its buttons."""
    return {name: values for name, values in lists.items() if name not in NOT_ANSWERS}


def in_words(value: object, choices: dict[str, str]) -> str:
    """Write a stored or typed value as people read it."""
    if isinstance(value, list | tuple | set):
        return ", ".join(in_words(one, choices) for one in value) or NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return choices.get(str(value), str(value)) if value not in (None, "") else NOTHING


def kept_for(*, sealed: bool) -> timedelta:
    """How long a draft is kept."""
    return SEALED_KEPT if sealed else DRAFT_KEPT


def expired(saved_at: datetime, now: datetime, *, sealed: bool) -> bool:
    """Whether a draft is past its time."""
    return now - saved_at > kept_for(sealed=sealed)
