"""Who can see a child: the grants in force, a restriction, and who is shut out."""

from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hub.access.rules import ROLES, Permission
from partners.agencies.models import Agency
from partners.services.models import Service
from referrals.children.models import Child
from referrals.grants.actions import require_access
from referrals.grants.models import GroupGrant, PersonGrant, Restriction
from referrals.grants.rules import last_day
from risk.casefile.views.frame import Frame
from risk.casefile.views.opening import OpenCase, open_case

TITLE = "Who can see this child"
EVERYBODY = "All whose role sees every case of the partnership: "
NAMED_ALONE = (
    "Only the people named below, whatever their role. For everybody else this record is not there."
)
ASLEEP = "Nothing while it is restricted"


@dataclass(frozen=True)
class Given:
    """A grant in force; `until` is None where it lasts until ended, `end_at` empty where none ends it."""

    to: str
    what: str
    because: str
    since: date
    until: date | None
    by: str
    end_at: str


@dataclass(frozen=True)
class Hidden:
    """A restriction in force; `person` is empty where all are meant who are not named."""

    person: str
    because: str
    since: date
    by: str
    lift_at: str


@dataclass(frozen=True)
class AccessPage:
    """What the page shows: in a sentence, whom the role lets in; then each grant and each restriction.

    `others`: the joined records, each with the address of its own page: a grant is of one record alone.
    """

    sentence: str
    restricted: Hidden | None
    grants: list[Given]
    shut_out: list[Hidden]
    grant_at: str
    restrict_at: str
    shut_out_at: str
    others: list[tuple[str, str]]


@require_safe
def access(request: HttpRequest, child_id: int) -> HttpResponse:
    """Show who can see a child, to whoever says so."""
    opened = open_access(request, child_id, TITLE)
    page: dict[str, Frame | AccessPage] = {"frame": opened.frame, "page": access_page(opened)}
    return render(request, "children/access.html", page)


def open_access(request: HttpRequest, child_id: int, title: str) -> OpenCase:
    """Open the case for one who says who sees it: 404 for whom it is hidden, NotAllowed for others."""
    opened = open_case(request, child_id, needs=Permission.CASES_VIEW, title=title, apart=True)
    require_access(opened.user, opened.child)
    return opened


def access_page(opened: OpenCase) -> AccessPage:
    """Give the page's data, with the same number of queries for every child."""
    hidden = _restrictions(opened)
    named = next((row for row in hidden if not row.person), None)
    at = {name: reverse(f"risk-child-{name}", args=[opened.child.pk]) for name in DEEDS}
    return AccessPage(
        sentence=NAMED_ALONE if named else EVERYBODY + ", ".join(_who_sees_all()) + ".",
        restricted=named,
        grants=[*_people(opened), *_groups(opened, sleeping=named is not None)],
        shut_out=[row for row in hidden if row.person],
        grant_at=at["grant-new"],
        restrict_at=at["restrict"],
        shut_out_at=at["shut-out"],
        others=_others(opened),
    )


def _others(opened: OpenCase) -> list[tuple[str, str]]:
    found = [record for record, _said in opened.case.joined]
    if opened.child.joined_into:
        found += Child.objects.visible_to(opened.user).filter(pk=opened.child.joined_into)
    return [(one.reference, reverse("risk-child-access", args=[one.pk])) for one in found]


DEEDS = ("grant-new", "restrict", "shut-out")


def _who_sees_all() -> list[str]:
    entries = (entry for role, entry in ROLES.items() if role != "operator")
    return [e.title.lower() for e in entries if Permission.CASES_VIEW in e.permissions]


def _people(opened: OpenCase) -> list[Given]:
    rows = PersonGrant.objects.visible_to(opened.user).in_force()
    rows = rows.filter(content_object=opened.child).select_related("user", "episode", "granted_by")
    return [
        _given(opened, row, row.user.name, "person") for row in rows.order_by("user__name", "pk")
    ]


def _groups(opened: OpenCase, *, sleeping: bool) -> list[Given]:
    """List the agencies' and services' grants; `sleeping`: while it is restricted they show nothing."""
    rows = GroupGrant.objects.visible_to(opened.user).in_force()
    rows = rows.filter(content_object=opened.child).select_related("episode", "granted_by")
    names = {number: name for number, (_group, name) in groups_of(opened).items()}
    found = [_given(opened, row, names[row.group_id], "group") for row in rows.order_by("pk")]
    return [replace(row, what=ASLEEP) for row in found] if sleeping else found


def groups_of(opened: OpenCase) -> dict[int, tuple[Group, str]]:
    """Give the groups of the partnership's agencies and services, by their numbers, with their names."""
    partnership = opened.child.partnership_id
    agencies = Agency.objects.visible_to(opened.user).filter(partnership=partnership)
    services = Service.objects.visible_to(opened.user).filter(partnership=partnership)
    rows = [(row.group, row.name) for row in agencies.select_related("group").order_by("name")]
    rows += [
        (row.group, f"{row.name} ({row.agency.name})")
        for row in services.select_related("group", "agency").order_by("name")
    ]
    return {group.pk: (group, name) for group, name in rows}


def _given(opened: OpenCase, row: GroupGrant | PersonGrant, to: str, kind: str) -> Given:
    end_at = reverse("risk-child-grant-end", args=[opened.child.pk, kind, row.pk])
    return Given(
        to=to,
        what=row.episode.reference if row.episode else "The whole child",
        because=row.because,
        since=localdate(row.starts_at),
        until=last_day(row.expires_at) if row.expires_at else None,
        by=row.granted_by.name if row.granted_by else "",
        end_at="" if row.by_referral else end_at,
    )


def _restrictions(opened: OpenCase) -> list[Hidden]:
    rows = Restriction.objects.visible_to(opened.user).in_force().filter(child=opened.child)
    return [
        Hidden(
            person=row.person.name if row.person else "",
            because=row.because,
            since=row.from_date,
            by=row.recorded_by.name if row.recorded_by else "",
            lift_at=reverse("risk-child-restriction-lift", args=[opened.child.pk, row.pk]),
        )
        for row in rows.select_related("person", "recorded_by").order_by("from_date", "pk")
    ]
