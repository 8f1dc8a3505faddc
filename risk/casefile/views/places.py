"""The tab of addresses and statuses, each with what was corrected and what can be done with it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse

from hub.access.rules import Permission
from hub.templatetags.hub import day
from referrals.children.models import Address, CareStatus
from risk.casefile.rules import recorded_late
from risk.casefile.views.deeds import Deed, may_record
from risk.casefile.views.earlier import NONE, Earlier, Histories, histories, versions_of
from risk.casefile.views.reading import Case, read_addresses, read_statuses
from risk.casefile.views.tabs import (
    Span,
    address_span,
    hides_address,
    status_span,
    where_note,
    where_words,
)


@dataclass(frozen=True)
class PlaceRow:
    """An address or a status that stands; what it read before, and what can be done with it."""

    span: Span
    earlier: list[Earlier]
    deeds: list[Deed]


@dataclass(frozen=True)
class Kept:
    """The addresses, or the statuses, and those that were withdrawn altogether."""

    rows: list[PlaceRow]
    withdrawn: list[Earlier]


@dataclass(frozen=True)
class AddressesTab:
    """Where the child lived and how social care held it.

    `hidden` says that an address is confidential, `changes` that the person may correct what is here.
    """

    addresses: Kept
    statuses: Kept
    with_statuses: bool
    hidden: bool
    changes: bool


def addresses_tab(case: Case) -> AddressesTab:
    """Build the tab; what was corrected is shown to those who see whole cases alone."""
    return AddressesTab(
        addresses=_addresses(case),
        statuses=_statuses(case) if case.sees_all else Kept([], []),
        with_statuses=case.sees_all,
        hidden=hides_address(case),
        changes=may_record(case, Permission.CASES_RECORD),
    )


def _addresses(case: Case) -> Kept:
    told = NONE
    if case.sees_all:
        rows = Address.objects.visible_to(case.user).filter(child__in=case.numbers)
        told = histories(versions_of(rows, case.looking), _address_read, case.looking)
    pairs = [(row, address_span(case, row)) for row in read_addresses(case)]
    return _kept(case, pairs, told, "address")


def _statuses(case: Case) -> Kept:
    rows = CareStatus.objects.visible_to(case.user).filter(child__in=case.numbers)
    told = histories(versions_of(rows, case.looking), _status_read, case.looking)
    pairs = [(row, status_span(case, row)) for row in read_statuses(case)]
    return _kept(case, pairs, told, "status")


def _kept(
    case: Case, pairs: Iterable[tuple[Address | CareStatus, Span]], told: Histories, what: str
) -> Kept:
    rows = []
    for fact, span in pairs:
        history = told.of.get(fact.pk)
        since = history.since if history else fact.known_from
        rows.append(
            PlaceRow(
                span=replace(span, recorded_on=recorded_late(fact.from_date, since)),
                earlier=history.earlier if history else [],
                deeds=_deeds(case, fact, what),
            )
        )
    return Kept(rows, told.withdrawn)


def _deeds(case: Case, fact: Address | CareStatus, what: str) -> list[Deed]:
    if not may_record(case, Permission.CASES_RECORD):
        return []
    deeds = ("Correct", "Withdraw") if fact.to_date else ("Correct", "End", "Withdraw")
    return [
        Deed(deed, reverse(f"risk-child-{what}-{deed.lower()}", args=[case.child.pk, fact.pk]))
        for deed in deeds
    ]


def _address_read(row: Address, _after: Address | None) -> str:
    note = where_note(row)
    return f"{where_words(row) or note}{f' ({note.lower()})' if note else ''}, {_days(row)}"


def _status_read(row: CareStatus, _after: CareStatus | None) -> str:
    return f"{row.get_status_display()}, {_days(row)}"


def _days(row: Address | CareStatus) -> str:
    until = f" to {day(row.to_date)}" if row.to_date else ", still held"
    return f"from {day(row.from_date)}{until}"
