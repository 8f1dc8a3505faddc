"""Loading the demo: agencies, people, and the synthetic history up to a day, through the importer."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from hub.access.context import acting_as
from hub.access.gate import require
from hub.access.rules import Permission, Role
from hub.accounts.actions import accept_conduct, open_account
from hub.accounts.models import User
from hub.days.rules import london_date, noon
from hub.facts.models import FactSource
from partners.agencies.actions import add_agency, appoint, give_telephone
from partners.agencies.models import Agency, Post
from partners.partnerships.actions import set_up
from partners.partnerships.models import Partnership
from partners.services.actions import offer
from partners.sharing.actions import make_agreement
from partners.sharing.rules import CATEGORIES, Agreed
from referrals.children.models import Child
from referrals.contacts.models import PersonToCall
from referrals.episodes.models import Episode
from referrals.notes.models import Note, new_numbers
from reporting.demo.rules import SERVICES, Rows, bradford, kirklees, write_extract
from reporting.demo.rules.accounts import AGENCIES, PASSWORD, PEOPLE, DemoPerson
from reporting.demo.rules.meetings import PLANS, PROPOSED
from reporting.demo.rules.notes import notes_for, people_for
from reporting.demo.rules.tools import TOOLS
from reporting.extracts.actions import import_extract
from risk.meetings.actions import arrange
from risk.meetings.models import MeetingSeries
from risk.meetings.rules.plan import Plan
from risk.proposals.actions import Change, propose
from risk.proposals.models import Proposal
from risk.proposals.rules import Kind
from risk.tools.actions import add_tool, add_version
from risk.tools.models import Tool

DISTRICTS: dict[str, Callable[[date, date | None], Iterator[Rows]]] = {
    "bradford": bradford,
    "kirklees": kirklees,
}
POSTS_FROM = date(2014, 1, 1)
AGREED_UNTIL = date(2099, 12, 31)


@transaction.atomic
def set_up_partners(*, now: datetime, by: User) -> None:
    """Make the demo's partnerships, agencies, services and people, as far as they are not there."""
    require(by, Permission.PARTNERSHIP_SET_UP)
    partnerships = {code: set_up(code=code, now=now, by=by) for code in DISTRICTS}
    agencies = {
        (entry.partnership, entry.code): add_agency(
            partnership=partnerships[entry.partnership],
            code=entry.code,
            name=entry.name,
            kind=entry.kind,
            now=now,
            by=by,
        )
        for entry in AGENCIES
    }
    for entry in AGENCIES:
        agency = agencies[entry.partnership, entry.code]
        give_telephone(agency=agency, telephone=entry.telephone, now=now, by=by)
    for code, services in SERVICES.items():
        for service in services:
            agency = agencies[code, service.agency.lower()]
            offer(agency=agency, code=service.code, name=service.label, now=now, by=by)
            if not agency.agreements.exists():
                agreed = Agreed(tuple(CATEGORIES), POSTS_FROM, AGREED_UNTIL, "Invented, 2014")
                make_agreement(agency=agency, agreed=agreed, by=by)
    for person in PEOPLE:
        _employ(person, agencies[person.partnership, person.agency], now, by)
    for code, plans in PLANS.items():
        _arrange(partnerships[code], plans, by)
        _keep_tools(partnerships[code], by)


def _arrange(partnership: Partnership, plans: dict[str, Plan], by: User) -> None:
    """Set the meetings up once: what the demo's visitor changes in them stays."""
    there = set(
        MeetingSeries.objects.filter(partnership=partnership).values_list("code", flat=True)
    )
    for code, plan in plans.items():
        if code not in there:
            arrange(partnership=partnership, code=code, plan=plan, by=by)


def _keep_tools(partnership: Partnership, by: User) -> None:
    """Enter the assessment tools once, each with the version that another superseded."""
    if Tool.objects.filter(partnership=partnership).exists():
        return
    for name, kinds, (first, *newer) in TOOLS:
        tool = add_tool(partnership=partnership, name=name, kinds=kinds, first=first, by=by)
        for entry in newer:
            add_version(tool=tool, entry=entry, by=by)


@transaction.atomic
def propose_changes(*, partnership: str, by: User) -> int:
    """Put two falls of the demo's open cases before the panel, once; say how many."""
    require(by, Permission.LEVELS_RECORD)
    if Proposal.objects.filter(partnership__code=partnership).exists():
        return 0
    cases = (
        Episode.objects.open().filter(partnership__code=partnership).order_by("level_set_on", "pk")
    )
    made = 0
    for from_level, level, words, plan in PROPOSED:
        episode = cases.filter(level=from_level).select_related("partnership", "child").first()
        if episode is not None:
            change = Change(Kind.FALL, words, level=level, exit_plan=plan)
            propose(episode=episode, change=change, by=by)
            made += 1
    return made


def _employ(person: DemoPerson, agency: Agency, now: datetime, by: User) -> None:
    user = User.objects.filter(username=person.username).first()
    if user is None:
        user = open_account(
            username=person.username, name=person.name, password=PASSWORD, now=now, by=by
        )
        with acting_as(user):  # a visitor of the demo gets to work at once
            accept_conduct(now=now, by=User.objects.get(pk=user.pk))
    appoint(user=user, agency=agency, role=person.role, starts_on=POSTS_FROM, now=now, by=by)


def bring_up_to_date(*, partnership: str, today: date, now: datetime, by: User) -> bool:
    """Import what happened in a district since its last import, or all of it; say whether there was any.

    Not one transaction with the set-up: the importer takes its own, so that its moment is the last thing.
    """
    last = FactSource.objects.filter(partnership_code=partnership).order_by("-published_at").first()
    since = london_date(last.published_at) if last else None
    if since is not None and since >= today:
        return False
    with tempfile.TemporaryDirectory() as folder:
        write_extract(DISTRICTS[partnership](today, since), Path(folder))
        name = f"{partnership}-demo-{today}"
        import_extract(path=Path(folder), partnership_code=partnership, label=name, now=now, by=by)
    return True


@transaction.atomic
def write_notes(*, partnership: str, today: date, by: User) -> int:
    """Write invented notes and people to call about a district's open cases, once; say how many notes.

    In bulk and back-dated, each known from its own day, as the history is that the importer brought.
    """
    require(by, Permission.NOTES_RECORD)
    if Note.objects.filter(partnership__code=partnership).exists():
        return 0
    cases = (
        Episode.objects.open().filter(partnership__code=partnership).order_by("referred_on", "pk")
    )
    by_child = {episode.child_id: episode for episode in cases.select_related("child")}
    authors = _authors(partnership)
    notes = [row for case in by_child.values() for row in _notes_of(case, today, authors)]
    for note, number in zip(notes, new_numbers(len(notes)), strict=True):
        note.position = number
    PersonToCall.objects.bulk_create(
        row for case in by_child.values() for row in _people_of(case, authors)
    )
    return len(Note.objects.bulk_create(notes))


def _authors(partnership: str) -> dict[str, Post]:
    """Give the posts of those who write, by user name; where one is not here, who records here does."""
    posts = Post.objects.filter(agency__partnership__code=partnership).select_related(
        "agency", "user"
    )
    here = {post.user.username: post for post in posts}
    records = next(post for post in here.values() if post.role == Role.SOCIAL_WORKER)
    return defaultdict(lambda: records, here)


def _notes_of(case: Episode, today: date, authors: dict[str, Post]) -> Iterator[Note]:
    written = notes_for(_number(case.child), case.referred_on, today)
    for note in written:
        post, words = authors[note.author], asdict(note.written)
        del words["happened_time"]
        yield Note(
            **words,
            **_kept(case, 1, note.written.happened_on, post.user),
            episode=case,
            happened_at=note.written.happened_at,
            author=post.user,
            agency=post.agency,
        )


def _people_of(case: Episode, authors: dict[str, Post]) -> Iterator[PersonToCall]:
    entries = people_for(_number(case.child), case.child.surname, case.referred_on)
    for position, entry in enumerate(entries, 1):
        kept = _kept(case, position, entry.from_date, authors["social"].user)
        yield PersonToCall(**asdict(entry), **kept)


def _number(child: Child) -> int:
    """Give a number that is the same however often the demo is made: that of the child's reference."""
    return int("".join(filter(str.isdigit, child.reference)) or 0)


def _kept(case: Episode, position: int, day: date, by: User) -> dict[str, Any]:
    return {
        "child_id": case.child_id,
        "partnership_id": case.partnership_id,
        "position": position,
        "known_from": noon(day),
        "recorded_by": by,
    }
