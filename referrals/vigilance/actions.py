"""Finding unusual access in a day of the trail, and closing a finding's review."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.facts.moments import write_moment
from partners.partnerships.models import Partnership
from referrals.oversight.actions import close_review
from referrals.vigilance.models import UnusualAccess, UnusualAccessReview
from referrals.vigilance.queries import PersonsDay, days_of_people, usual_days
from referrals.vigilance.rules import MORE_THAN, Found, found_in, found_many

AT_ONCE = 500


@transaction.atomic
def find_unusual_access(*, partnership: Partnership, day: date, now: datetime, by: User) -> int:
    """Note what was unusual in a day of the trail, each thing once; give the number of what is new.

    A second run of the same day adds nothing. Raises NotAllowed.
    """
    require(by, Permission.ACCESS_REVIEW, partnership)
    write_moment(partnership.pk)  # two runs do not count the same finding
    there = UnusualAccess.objects.visible_to(by).filter(partnership=partnership, day=day)
    known = set(there.values_list("person_id", "rule", "record"))
    rows = _rows(partnership, day, now, by)
    new = [row for row in rows if (row.person_id, row.rule, row.record) not in known]
    UnusualAccess.objects.bulk_create(new, batch_size=AT_ONCE)
    record(
        event="unusual_access.sought",
        verb=Verb.CONSULTATION,
        what="unusual access",
        reference=f"{day:%Y-%m-%d}",
        at=now,
        by=by,
        partnership_id=partnership.pk,
        after={"new": len(new)},
    )
    return len(new)


def _rows(partnership: Partnership, day: date, now: datetime, by: User) -> Iterator[UnusualAccess]:
    days = list(days_of_people(by, partnership.pk, day))
    people = User.objects.filter(is_operator=False).in_bulk([of.person_id for of in days])
    for of in days:
        person = people.get(of.person_id)
        for found in _found(person, partnership, day, of, by) if person else ():
            yield UnusualAccess(
                partnership=partnership,
                person=person,
                role=of.role,
                agency=of.agency,
                rule=found.rule.value,
                day=day,
                record=found.record,
                why=found.why,
                found_at=now,
            )


def _found(
    person: User, partnership: Partnership, day: date, of: PersonsDay, by: User
) -> Iterator[Found]:
    yield from found_in(person.name, day, of.looks, person.home_area)
    if len(of.looks) > MORE_THAN:
        many = found_many(len(of.looks), usual_days(by, partnership.pk, person.pk, day))
        yield from [many] if many else []


@transaction.atomic
def review_unusual_access(*, access: UnusualAccess, outcome: str, words: str, by: User) -> None:
    """Close the review of a finding. Raises NotAllowed, and what `close_review` does."""
    require(by, Permission.ACCESS_REVIEW, access)
    event = "unusual_access.reviewed"
    close_review(
        access=access, review=UnusualAccessReview, outcome=outcome, words=words, event=event, by=by
    )
