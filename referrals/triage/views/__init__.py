"""The triage desk: who the child of a referral may be."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from referrals.intake.models import Referral
from referrals.matching.queries import Alike, Candidate, who_may_be
from referrals.matching.rules.likeness import Person
from referrals.triage.rules import person_of
from referrals.triage.views.taking import Taken, take_up


@dataclass(frozen=True)
class Choice:
    """A child who may be the one; `turn` is the address at which it is set aside, or brought back."""

    child_id: int
    known: Candidate
    turn: str


@dataclass(frozen=True)
class CandidatesPage:
    """What was typed, and the children who may be the one; `aside` were set aside on this page."""

    reference: str
    number: int
    typed: list[tuple[str, str]]
    rows: list[Choice]
    more: int
    aside: list[Choice]
    key: str


@require_safe
def candidates(request: HttpRequest, number: int) -> HttpResponse:
    """Show who the child of a referral may be; that they were shown goes on the trail."""
    taken = take_up(request, number)
    alike = look(taken)
    aside = {text for text in request.GET.getlist("not") if text.isdecimal()}
    page = _candidates_page(taken, alike, {int(text) for text in aside})
    return render(request, "triage/candidates.html", {"match": page})


def look(taken: Taken) -> Alike:
    """Find who the child may be, and put on the trail who was shown."""
    partnership, today = taken.referral.partnership_id, london_date(taken.now)
    alike = who_may_be(taken.user, partnership, taken.person, today)
    record(
        event="children.compared",
        verb=Verb.CONSULTATION,
        what="children",
        reference=taken.referral.reference,
        at=taken.now,
        by=taken.user,
        after={"children": [row.reference for row in alike.rows]},
    )
    return alike


def _candidates_page(taken: Taken, alike: Alike, aside: set[int]) -> CandidatesPage:
    aside &= {row.child_id for row in alike.rows}
    choices = [Choice(row.child_id, row, _query(aside ^ {row.child_id})) for row in alike.rows]
    return CandidatesPage(
        reference=taken.referral.reference,
        number=taken.referral.pk,
        typed=typed_of(taken.referral),
        rows=[choice for choice in choices if choice.child_id not in aside],
        more=alike.more,
        aside=[choice for choice in choices if choice.child_id in aside],
        key=alike.key,
    )


def _query(aside: Collection[int]) -> str:
    return "?" + "&".join(f"not={number}" for number in sorted(aside)) if aside else "."


def typed_of(referral: Referral) -> list[tuple[str, str]]:
    """Say what the referral says of the child, label and value, where it says anything."""
    person: Person = person_of(referral.concern)
    born = person.born
    about = f"about {referral.age_about}" if referral.age_about is not None else ""
    rows = [
        ("Name", person.name),
        ("Other names", ", ".join(person.other_names)),
        ("Date of birth", f"{born.day} {born:%B %Y}" if born else about),
        ("Gender", referral.get_gender_display() if referral.gender else ""),
        ("School", referral.school),
        ("Address", ", ".join(filter(None, (referral.address, referral.postcode)))),
        ("NHS number", referral.nhs_number),
        ("Pupil number", referral.upn),
        ("Description", referral.description),
    ]
    return [(label, value) for label, value in rows if value]
