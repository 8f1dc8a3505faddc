"""The records that are joined to the child's own, as the summary tells of them."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from hub.access.rules import Permission
from hub.days.rules import london_date
from referrals.children.models import ChildDetails
from referrals.joinings.queries import joined_to
from risk.casefile.views.deeds import Deed, may_record
from risk.casefile.views.reading import Case
from risk.casefile.views.who import particulars


@dataclass(frozen=True)
class JoinedRecord:
    """A joined record: what it says otherwise of who the child is, since when and why it is joined."""

    reference: str
    differs: list[tuple[str, str]]
    since: date
    by: str
    why: str
    deeds: list[Deed]


def joined_records(case: Case) -> list[JoinedRecord]:
    """List them, for those who see whole cases; without a question where there is none."""
    if not case.joined:
        return []
    said = {record.pk: details for record, details in case.joined}
    facts = joined_to(case.user, case.child, case.looking.known_at)
    return [
        JoinedRecord(
            reference=fact.child.reference,
            differs=_differs(case, said.get(fact.child_id)),
            since=london_date(fact.known_from),
            by=fact.recorded_by.name if fact.recorded_by else "",
            why=fact.reason,
            deeds=_deeds(case, fact.child_id, fact.pk),
        )
        for fact in facts
    ]


def _differs(case: Case, said: ChildDetails | None) -> list[tuple[str, str]]:
    if said is None or case.details is None:
        return []
    own = dict(particulars(case.details))
    return [(label, value) for label, value in particulars(said) if own[label] != value]


def _deeds(case: Case, record: int, number: int) -> list[Deed]:
    deeds = []
    if may_record(case, Permission.CASES_RECORD):
        deeds.append(Deed("Correct its details", reverse("risk-child-details", args=[record])))
    if may_record(case, Permission.GRANTS_MANAGE):
        deeds.append(Deed("Who can see it", reverse("risk-child-access", args=[record])))
    if may_record(case, Permission.RECORDS_JOIN):
        here = reverse("risk-child-apart", args=[case.child.pk, number])
        deeds.append(Deed("Take apart", here))
    return deeds
