"""Records of every kind, each a whole case with a word of its own in every text that it holds.

The word (a canary) says of which kind of record and of which part of it a text is; whoever meets it on a page
where it has no business has found a leak. Who may meet which is said in tests/parts_of_record.py.

A new table and a new text field are filled by themselves; one that cannot hold a free word (a code, a name
of a file) is entered in CODED there, with the reason.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import models
from django.db.models.signals import pre_save
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.days.rules import london_date
from partners.agencies.models import Agency
from partners.partnerships.models import Partnership
from partners.sharing.models import SharingAgreement
from referrals.children.models import Child
from referrals.episodes.models import Allocation, Episode
from referrals.grants.actions import give_grant, restrict, shut_out
from referrals.grants.models import PersonGrant, Restriction
from referrals.grants.rules import Terms
from referrals.intake.models import Referral
from referrals.support.models import ServiceReferral
from reporting.extracts.models import ImportConflict
from risk.crimes.models import Crime
from risk.intelligence.models import IntelligenceLog
from risk.levels.models import RiskLevel
from tests.cast import Cast
from tests.hub.rows import any_row
from tests.make import make_child, make_episode, make_note, refer_to_service
from tests.parts_of_record import DERIVED, Kind, texts_of, word_of
from tests.test_second_wall import scoped_models
from tests.whole_case import WRITERS, fill_case

People = dict[str, User]


@dataclass(frozen=True)
class Record:
    """A case of one kind, with the numbers of its rows by table."""

    kind: Kind
    child: Child
    episode: Episode
    rows: dict[str, list[int]] = field(default_factory=dict)


@contextmanager
def words_of(kind: Kind, rows: dict[str, list[int]]) -> Iterator[None]:
    """Let every row that is written meanwhile bear words of such a record, and note its number."""

    def mark(sender: type[models.Model], instance: models.Model, **told: Any) -> None:
        named = told.get("update_fields")
        if sender._meta.db_table in DERIVED or sender not in scoped_models():
            return
        for text in texts_of(sender):
            if named is None or text.name in named:
                setattr(instance, text.attname, word_of(kind, instance, text.name))

    def note(sender: type[models.Model], instance: models.Model, **_told: Any) -> None:
        rows.setdefault(sender._meta.db_table, []).append(instance.pk)

    pre_save.connect(mark, weak=False)
    models.signals.post_save.connect(note, weak=False)
    try:
        yield
    finally:
        pre_save.disconnect(mark)
        models.signals.post_save.disconnect(note)


def make_records(cast: Cast) -> dict[Kind, Record]:
    """A whole case of each kind."""
    return {kind: _record(cast, kind) for kind in Kind}


def _record(cast: Cast, kind: Kind) -> Record:
    partnership = cast.kirklees if kind is Kind.ELSEWHERE else cast.bradford
    by = cast.people[WRITERS[partnership.code]]
    rows: dict[str, list[int]] = {}
    with words_of(kind, rows):
        child = make_child(partnership=partnership, by=by)
        closed = date(2026, 3, 20) if kind is Kind.CLOSED else None
        episode = make_episode(child=child, by=by, closed_on=closed)
        record = Record(kind, child, episode, rows)
        fill_case(episode, by)
        make_note(child=child, by=by, seen_by="own")
        _intelligence(child)
        any_row(SharingAgreement, partnership, {Agency: _social_care(partnership)})
        any_row(Allocation, partnership, {Episode: episode})  # who works beside the lead
        _what_is_left(record, partnership)
        _who_sees(record, cast)
    return record


def _social_care(partnership: Partnership) -> Agency:
    return Agency.objects.get(partnership=partnership, code="social-care")


def _intelligence(child: Child) -> None:
    """A log that the hub may read, and one for the police alone."""
    for position, handling in enumerate("PC", start=8):
        IntelligenceLog.objects.create(
            child=child,
            partnership=child.partnership,
            happened_on=date(2026, 3, 9),
            evaluation="2",
            assessment="B",
            handling=handling,
            position=position,
            recorded_by=operator(),
            known_from=timezone.now(),
        )


def _what_is_left(record: Record, partnership: Partnership) -> None:
    """A row of every other table, of this case as far as the table knows of cases."""
    agency = _social_care(partnership)
    known: dict[type[models.Model], models.Model] = {
        Child: record.child,
        Episode: record.episode,
        Crime: any_row(Crime, partnership),
        Referral: Referral.objects.get(pk=record.rows["referrals_referral"][0]),
        Agency: agency,
        Group: agency.group,
    }
    for model in scoped_models():
        table = model._meta.db_table
        if table in record.rows or table in DERIVED:
            continue
        known[model] = (
            _conflict(record, partnership)
            if model is ImportConflict
            else any_row(model, partnership, known)
        )


def _conflict(record: Record, partnership: Partnership) -> ImportConflict:
    """An extract that says otherwise than the hub of the case's level."""
    fact = RiskLevel.objects.get(pk=record.rows["risk_risklevel"][0])
    conflict = ImportConflict(partnership=partnership, table="risk_levels", found_at=timezone.now())
    conflict.fact_table, conflict.fact_id = "risk_risklevel", fact.pk
    said = {"level": "HIGH", "rationale": word_of(record.kind, fact, "rationale")}
    conflict.in_extract = conflict.in_hub = said
    conflict.save()
    return conflict


def _who_sees(record: Record, cast: Cast) -> None:
    """What makes it a record of its kind; each was offered to Northlight but for two."""
    ends = {Kind.CLOSED: date(2026, 3, 20), Kind.ENDED: date(2026, 3, 9)}
    if record.kind not in (Kind.PLAIN, Kind.ELSEWHERE):
        service: dict[str, Any] = {
            "episode": record.episode,
            "service": "northlight",
            "by": operator(),
        }
        refer_to_service(**service, ended_on=ends.get(record.kind))
    MADE_SO.get(record.kind, lambda _record, _people: None)(record, cast.people)


def _shared(record: Record, people: People) -> None:
    """Northlight supported the child before too, and once more by mistake."""
    before: dict[str, Any] = {"episode": record.episode, "service": "northlight", "by": operator()}
    refer_to_service(**before, referred_on=date(2025, 1, 6), ended_on=date(2025, 6, 2))
    mistaken = refer_to_service(**before, referred_on=date(2025, 9, 1))
    same = ServiceReferral.objects.filter(pk=mistaken.pk)
    same.update(superseded_at=timezone.now(), superseded_by=operator())
    _restricted_by_mistake(record, timezone.now())
    shut_out(child=record.child, person=people["ben"], because="x", by=people["dev"])
    for person in ("bea", "chloe", "femi"):  # a grant opens no more to bea than her role does
        _give(record, people[person], people["dev"])


def _by_name(record: Record, people: People) -> None:
    restrict(child=record.child, because="x", by=people["dev"])
    for person in ("nora", "chloe"):
        _give(record, people[person], people["dev"])
    _named(record, people["femi"])


def _restricted(record: Record, people: People) -> None:
    """Nobody sees it for a grant that was ended or has run out, the command line for none at all."""
    restrict(child=record.child, because="x", by=people["dev"])
    _end_grants(record, operator())
    for person in ("nora", "chloe"):
        _give(record, people[person], people["dev"])
        _end_grants(record, people[person])
    yesterday = timezone.now() - timedelta(days=1)
    for person in ("ana", "chloe"):
        _named(record, people[person], until=yesterday)


def _shut_out(record: Record, people: People) -> None:
    for person in ("ben", "chloe"):
        shut_out(child=record.child, person=people[person], because="x", by=people["dev"])


def _ended(record: Record, people: People) -> None:
    _named(record, people["femi"], until=timezone.now() - timedelta(days=1))
    _restricted_by_mistake(record, timezone.now())


def _elsewhere(record: Record, people: People) -> None:
    _give(record, people["femi"], operator())  # she was there before she came to Bradford


MADE_SO = {
    Kind.SHARED: _shared,
    Kind.BY_NAME: _by_name,
    Kind.RESTRICTED: _restricted,
    Kind.SHUT_OUT: _shut_out,
    Kind.ENDED: _ended,
    Kind.ELSEWHERE: _elsewhere,
}


def _give(record: Record, to: User, by: User) -> None:
    terms = Terms(because="x", until=london_date(timezone.now()))
    give_grant(child=record.child, to=to, terms=terms, by=by)


def _end_grants(record: Record, of: User) -> None:
    held = PersonGrant.objects.filter(content_object=record.child, user=of, ended_at=None)
    held.update(ended_at=timezone.now(), ended_by=operator())


def _named(record: Record, to: User, until: datetime | None = None) -> None:
    """A grant by name that nobody has ended: for good, or until a moment that may be past."""
    PersonGrant.objects.create(
        content_object=record.child,
        partnership=record.child.partnership,
        permission=Permission.objects.get(codename="view_child"),
        user=to,
        granted_by=operator(),
        starts_at=timezone.now() - timedelta(days=2),
        expires_at=until,
    )


def _restricted_by_mistake(record: Record, now: datetime) -> None:
    """A restriction that was taken back as if it had never been."""
    fact = Restriction.objects.create(
        child=record.child,
        partnership=record.child.partnership,
        kind=Restriction.Kind.NAMED,
        from_date=date(2026, 3, 9),
        known_from=now,
        recorded_by=operator(),
    )
    Restriction.objects.filter(pk=fact.pk).update(superseded_at=now, superseded_by=operator())
