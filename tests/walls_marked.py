"""What agencies say of a child with every marking: notes, answers, new information, police intelligence."""

from datetime import timedelta
from typing import Any

from django.db.models import Model

from hub.access.gate import standing_of
from hub.access.rules import Standing
from hub.accounts.models import User
from hub.days.rules import noon
from partners.agencies.models import Agency
from referrals.checks.models import AgencyCheck, CheckAnswer
from referrals.children.models import Child
from referrals.disclosures.models import Disclosure, DisclosureRecall
from referrals.emergencies.models import EmergencyAccess, EmergencyReview
from referrals.identities.models import Identification, IdentificationReview
from referrals.information.models import Information
from referrals.notes.models import Note
from referrals.vigilance.models import UnusualAccess, UnusualAccessReview
from tests.cast import Cast
from tests.hub.rows import any_row
from tests.kinds_of_record import Record
from tests.make import make_note
from tests.parts_of_record import Kind
from tests.whole_case import intelligence_of_each_handling, note_of_each_marking

REVIEWS: tuple[tuple[type[Model], type[Model]], ...] = (
    (EmergencyReview, EmergencyAccess),
    (IdentificationReview, Identification),
    (UnusualAccessReview, UnusualAccess),
)
TOLD_BY = (
    *(("chloe", Kind.SHARED), ("chloe", Kind.PLAIN), ("ben", Kind.PLAIN), ("ben", Kind.BY_NAME)),
    *(("nora", Kind.PLAIN), ("amira", Kind.BY_NAME)),
)
ANSWERED_BY = {"police": "ben", "health": "nora", "northlight": "chloe", "larkfield": "femi"}
# Whose marking is minded in every case: no figure counts them.
MARKED = {"referrals_note": "position", "referrals_checkanswer": "asked_id"}
MARKINGS = ("hub", "own", "everybody", "named")


def marked_in_each_way(cast: Cast, record: Record) -> None:
    """Give a record what each agency says of it, with each marking, as it stands and as it stood."""
    child, episode, by = record.child, record.episode, cast.people["amira"]
    note_of_each_marking(child, by)
    intelligence_of_each_handling(child, by)
    named = list(
        Agency.objects.filter(
            partnership=cast.bradford, code__in=["police", "northlight"]
        ).values_list("pk", flat=True)
    )
    for code, name in ANSWERED_BY.items():
        agency = Agency.objects.get(partnership=cast.bradford, code=code)
        for number, seen_by in enumerate(MARKINGS):
            to = named if seen_by == "named" else []
            _answer(record, agency, cast.people[name], number, seen_by=seen_by, for_agencies=to)
    for seen_by in ("own", "everybody"):
        note = make_note(child=child, by=by, episode=episode, kind="information", seen_by=seen_by)
        Information.objects.create(
            partnership=child.partnership, child=child, episode=episode, kind="sighting",
            note=note.position, source="5A", recorded_at=note.known_from, recorded_by=by,
        )  # fmt: skip
    if record.kind is Kind.SHARED:
        for seen_by in ("hub", "own"):
            make_note(child=child, by=cast.people["chloe"], seen_by=seen_by, episode=episode)


def _answer(record: Record, agency: Agency, by: User, number: int, **marking: Any) -> None:
    """Ask the agency once more, and have it answer twice: for everybody first, then with the marking."""
    child, at = record.child, noon(record.episode.referred_on) + timedelta(hours=1, minutes=number)
    check = AgencyCheck.objects.create(
        partnership=child.partnership, child=child, episode=record.episode, agency=agency,
        why="new_referral", asked_at=at, due_at=at + timedelta(days=1), asked_by=by,
    )  # fmt: skip
    told: dict[str, Any] = {
        "child": child, "partnership": child.partnership, "asked": check, "agency": agency, "author": by,
        "knows": "held", "text": "Known there.", "sources": "All", "recorded_by": by,
    }  # fmt: skip
    later = at + timedelta(hours=2)
    first = {"known_from": at, "superseded_at": later, "superseded_by": by, "seen_by": "everybody"}
    CheckAnswer.objects.create(**told, **first)
    CheckAnswer.objects.create(**told, known_from=later, reason="Asked again.", **marking)


def counted(user: User, model: type[Model]) -> set[Any]:
    """What a report counts: all of the partnership, as it is marked."""
    table = model._meta.db_table
    every: Any = model._default_manager.all()
    standing = standing_of(user)
    assert standing is not None
    every = every.filter(partnership_id=standing.partnership_id)
    if table in MARKED:
        return counted_as_marked(every, MARKED[table], standing)
    if table == "referrals_information":  # as its note is marked
        read = counted_as_marked(Note.objects.known(), "position", standing)
        every = every.filter(note__in=Note.objects.filter(pk__in=read).values("position"))
    if table == "referrals_disclosure":  # a report that left is of no case
        every = every.exclude(child=None)
    return set(every.values_list("pk", flat=True))


def counted_as_marked(every: Any, key: str, who: Standing) -> set[Any]:
    """Give what a report reads of rows with a marking, for somebody: as they would with the whole case.

    What is for others, or was put right so since, no figure counts.
    """
    rows = list(every.order_by())
    shut = [(getattr(row, key), row.known_from) for row in rows if not _is_for(who, row)]
    return {
        row.pk
        for row in rows
        if _is_for(who, row)
        and not (
            row.superseded_at
            and any(which == getattr(row, key) and at > row.known_from for which, at in shut)
        )
    }


def _is_for(who: Standing, row: Any) -> bool:
    mine = who.user_id == row.author_id or who.agency_id == row.agency_id
    named = row.seen_by == "named" and who.agency_id in row.for_agencies
    return mine or named or row.seen_by in ("hub", "everybody")


def written_in_ones_own_name(cast: Cast, records: dict[Kind, Record]) -> None:
    """What was told, and what a reviewer said of an access: by somebody of the cast, once of their own."""
    children = {kind: records[kind].child for kind in (Kind.PLAIN, Kind.SHARED, Kind.BY_NAME)}
    for name, kind in TOLD_BY:
        known = {User: cast.people[name], Child: children[kind]}
        told = any_row(Disclosure, cast.bradford, known)
        any_row(DisclosureRecall, cast.bradford, {**known, Disclosure: told})
    for review, access in REVIEWS:
        for person in ("nora", "otto", "dev"):
            known = {User: cast.people[person], Child: children[Kind.PLAIN]}
            seen = any_row(access, cast.bradford, known)
            any_row(review, cast.bradford, {access: seen, User: cast.people["otto"]})
