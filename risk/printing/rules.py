"""What a case is printed for, and how long a sheet can be seen again."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from hub.days.rules import london_date
from referrals.disclosures.rules import COURT, INQUIRY, PUBLIC_TASK, SHEET, SUBJECT, Told

OTHER = "other"
# Why a record of the hub leaves it on paper; the trail keeps the code and the words.
PURPOSES = {
    "strategy": "Strategy discussion",
    "conference": "Child-protection or review conference",
    "court": "Court proceedings",
    "supervision": "Supervision of the worker",
    "subject_access": "Subject access request",
    "panel": "Panel or audit of the case",
    OTHER: "Another purpose",
}
# Which law each rests on in the log of disclosures: of another purpose that of the hub's own work.
BASES = {"strategy": INQUIRY, "conference": INQUIRY, "court": COURT, "subject_access": SUBJECT}
WHOLE = "all"
WHOLE_CASE = "The whole case, every page in one document"

KEPT_FOR = timedelta(hours=1)
MOST_KEPT = 10
NO_WORDS = "Say what the purpose is"


@dataclass(frozen=True)
class Sheet:
    """A sheet that was asked for: which part of whose case, as at which day, for what and for whom.

    `known_at` is the moment up to which facts count as known, so that the sheet stays as it was handed
    out; empty for those with whom a part is shared: to them what is known today counts. `purpose` is in
    words, `at` when it was asked for; days and moments are in ISO format.
    """

    child_id: int
    part: str
    as_at: str
    known_at: str
    purpose: str
    recipient: str
    at: str


def problem_with(purpose: str, words: str) -> str:
    """Say what the purpose lacks, or nothing: another purpose than those listed needs words."""
    return NO_WORDS if purpose == OTHER and not words.strip() else ""


def in_words(purpose: str, words: str) -> str:
    """Write a purpose with what was said about it."""
    more = words.strip()
    if purpose == OTHER:
        return more
    return f"{PURPOSES[purpose]}: {more}" if more else PURPOSES[purpose]


def told_by(sheet: Sheet, purpose: str) -> Told:
    """Say of a sheet what the log of disclosures keeps."""
    return Told(
        kind=SHEET,
        what=f"{WHOLE_CASE if sheet.part == WHOLE else sheet.part.capitalize()}. {sheet.purpose}",
        recipient=sheet.recipient,
        basis=BASES.get(purpose, PUBLIC_TASK),
        disclosed_on=london_date(datetime.fromisoformat(sheet.at)),
    )


def kept_with(
    sheets: Mapping[str, dict[str, str | int]], number: str, sheet: Sheet
) -> dict[str, dict[str, str | int]]:
    """Add a sheet to those that are kept, and let the oldest go."""
    return dict([*sheets.items(), (number, asdict(sheet))][-MOST_KEPT:])


def still_kept(
    sheets: Mapping[str, dict[str, str | int]], number: str, now: datetime
) -> Sheet | None:
    """Give a sheet by its number within the hour after it was asked for."""
    if number not in sheets:
        return None
    sheet = Sheet(**sheets[number])  # type: ignore[arg-type]  # as kept_with wrote it
    return sheet if now - datetime.fromisoformat(sheet.at) <= KEPT_FOR else None


def parts_of(part: str, tabs: Iterable[str]) -> list[str]:
    """Name the pages of the case that a sheet holds; none where the person does not have the part."""
    return [tab for tab in tabs if part in (WHOLE, tab)]
