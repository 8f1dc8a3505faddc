"""Notes on a child's pages: each with its author, its corrections and the child's own words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, pairwise

from django.urls import reverse

from hub.access.gate import standing_of
from hub.accounts.models import User
from hub.days.rules import london_date
from referrals.notes.models import Note
from referrals.notes.rules import PROTECTED, ago, right_to_write, tag_of, title_of
from risk.casefile.rules import recorded_late
from risk.casefile.views.deeds import may_record
from risk.casefile.views.reading import Case, latest_notes, latest_words, note_versions

KEPT_APART = "why is kept with its source"


@dataclass(frozen=True)
class EarlierNote:
    """A version that was corrected: what it said, and who put it right when and why."""

    title: str
    day: date
    text: str
    own_words: str
    corrected_on: date
    corrected_by: str
    why: str


@dataclass(frozen=True)
class NoteLine:
    """A note as it stands; `recorded_on` only where it was written more than a day later.

    `by` is the author with the agency. The addresses are empty for one who may not change it here.
    `record`: the joined record where it stands. `tag`, `conditions` and `protected` are its handling marking.
    """

    number: int
    record: str
    title: str
    day: date
    at: datetime | None
    recorded_on: date | None
    episode: str
    text: str
    own_words: str
    by: str
    tag: str
    conditions: str
    protected: bool
    earlier: list[EarlierNote]
    correct: str
    withdraw: str


@dataclass(frozen=True)
class WithdrawnNote:
    """A note that was taken back: its words are shown no more."""

    day: date
    on: date
    by: str


@dataclass(frozen=True)
class InTheirWords:
    """The child's latest words; `level_since` where they are older than the level that stands."""

    day: date
    ago: str
    words: str
    level_since: date | None


@dataclass(frozen=True)
class NotesPart:
    """What the summary says of the notes; `every` is where all of them are."""

    in_their_words: InTheirWords | None
    latest: list[NoteLine]
    every: str


def notes_part(case: Case) -> NotesPart:
    """Build the summary's part: the child's latest words, and the latest notes as they stand."""
    spoken = latest_words(case)
    every = [*([case.looking.query] if case.looking.past else []), "kind=notes"]
    return NotesPart(
        in_their_words=_in_their_words(case, spoken) if spoken else None,
        latest=[_line(case, [note]) for note in latest_notes(case)],
        every=f"{reverse('risk-child-timeline', args=[case.child.pk])}?{'&'.join(every)}",
    )


def _in_their_words(case: Case, note: Note) -> InTheirWords:
    since = case.level.set_on if case.level else None
    return InTheirWords(
        day=note.happened_on,
        ago=ago(note.happened_on, case.looking.day),
        words=note.own_words,
        level_since=since if since and note.happened_on < since else None,
    )


def note_lines(case: Case) -> Iterator[NoteLine | WithdrawnNote]:
    """Give every note, as it stood at the moment that is looked at, with what it read before."""
    for _number, rows in groupby(note_versions(case), lambda note: note.position):
        versions = list(rows)
        yield (
            _line(case, versions) if stands(case, versions[-1]) else _withdrawn(case, versions[-1])
        )


def stands(case: Case, note: Note) -> bool:
    """Say whether a version had not been superseded by the moment that is looked at."""
    known_at = case.looking.known_at
    return note.superseded_at is None or (known_at is not None and note.superseded_at > known_at)


def _withdrawn(case: Case, note: Note) -> WithdrawnNote:
    on = london_date(note.superseded_at or note.known_from)
    return WithdrawnNote(note.happened_on, on, _named(case, note, note.superseded_by))


def _line(case: Case, versions: list[Note]) -> NoteLine:
    """Write a note by its versions, the oldest first."""
    first, note = versions[0], versions[-1]
    return NoteLine(
        number=note.position,
        record=case.record_of(note),
        title=_title(case, note),
        day=note.happened_on,
        at=note.happened_at,
        recorded_on=recorded_late(note.happened_on, first.known_from),
        episode=_episode_of(case, note),
        text=note.text,
        own_words=note.own_words,
        by=_by(case, note),
        tag=tag_of(note.seen_by, note.agency.name if note.agency else "", note.named),
        conditions=note.conditions,
        protected=note.source_protected,
        earlier=[_earlier(case, old, new) for old, new in pairwise(versions)],
        correct=_address(case, "correct", note),
        withdraw=_address(case, "withdraw", note),
    )


def _hides_source(case: Case, note: Note) -> bool:
    """Say whether who the source was is kept from the person: they read the agency's name alone."""
    standing = standing_of(case.user)
    return note.hides_source and not (standing and note.belongs_to(standing))


def _title(case: Case, note: Note) -> str:
    return title_of(note.kind, "" if _hides_source(case, note) else note.with_whom)


def _by(case: Case, note: Note) -> str:
    agency = note.agency.name if note.agency else ""
    if _hides_source(case, note):
        return agency or PROTECTED
    return ", ".join(filter(None, (note.author.name, agency)))


def _named(case: Case, note: Note, who: User | None) -> str:
    """Name who changed a note, or its agency where the source is protected."""
    return _by(case, note) if _hides_source(case, note) else who.name if who else ""


def _earlier(case: Case, old: Note, new: Note) -> EarlierNote:
    return EarlierNote(
        title=_title(case, old),
        day=old.happened_on,
        text=old.text,
        own_words=old.own_words,
        corrected_on=london_date(new.known_from),
        corrected_by=_named(case, old, new.recorded_by),
        why=KEPT_APART if _hides_source(case, old) else new.reason,
    )


def _episode_of(case: Case, note: Note) -> str:
    references = (e.reference for e in case.episodes if e.fact.episode_id == note.episode_id)
    return next(references, "")


def _address(case: Case, deed: str, note: Note) -> str:
    standing = standing_of(case.user)
    own = standing is not None and note.belongs_to(standing)
    if not own or not may_record(case, right_to_write(standing)):
        return ""
    return reverse(f"risk-child-note-{deed}", args=[case.child.pk, note.position])
