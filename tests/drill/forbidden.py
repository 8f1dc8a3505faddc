"""Deeds that are refused for what is in the database, and how: who tries them notices a rule that is gone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from hub.access.rules import Permission
from hub.accounts.models import User
from hub.errors import NotAllowed, RuleBroken
from partners.sharing.actions import end_agreement
from partners.sharing.models import SharingAgreement
from referrals.children.models import Child
from referrals.grants.actions import restrict
from referrals.intake.actions import withdraw_referral
from referrals.intake.models import Referral
from referrals.joinings.actions import CANNOT, join_records
from referrals.notes.actions import NO_LONGER_SHOWN, correct_note
from referrals.notes.rules import Written
from reporting.appendix1.actions import make_report, read_cases_behind
from reporting.appendix1.rules.parameters import Parameters
from reporting.extracts.actions import import_extract
from tests.cast import Cast
from tests.make import make_child, make_note

Deed = Callable[[], object]
NOT_ALLOWED = "nothing else"
OWN_ALONE = r".*There are: bradford\..*"
ASKED = Parameters(
    year_start=date(2015, 4, 1),
    year_end=date(2016, 3, 31),
    snapshot=date(2016, 3, 29),
    suspects_from=date(2015, 7, 1),
    suspects_to=date(2016, 6, 30),
)


def let_through(deed: Deed, refusal: str) -> bool:
    """Say whether a deed is not refused, or by a rule that says something else than `refusal`, a pattern."""
    try:
        with transaction.atomic():
            deed()
            transaction.set_rollback(True)
    except NotAllowed:
        return False
    except RuleBroken as refused:
        return not re.fullmatch(refusal, str(refused), re.DOTALL)
    return True


def forbidden(cast: Cast, extract: Path) -> Iterator[tuple[Deed, str]]:
    """Give each deed, and what a rule may say of it where it is not the right that is asked for."""
    yield from _of_reports(cast, extract)
    amira = _again(cast, "amira")
    [theirs] = Referral.objects.filter(partnership=cast.kirklees).order_by("pk")[:1]
    other = "It is another child."
    yield partial(withdraw_referral, referral=theirs, reason=other, by=amira), NOT_ALLOWED
    yield partial(_join_a_hidden_record, cast), re.escape(CANNOT)
    yield partial(_join_what_has_a_hidden_record, cast), re.escape(CANNOT)
    yield partial(_take_a_note_off_a_hidden_episode, cast), re.escape(NO_LONGER_SHOWN)


def _of_reports(cast: Cast, extract: Path) -> Iterator[tuple[Deed, str]]:
    now, ana = timezone.now(), _again(cast, "ana")
    for code in ("kirklees", "nowhere"):
        elsewhere = replace(ASKED, partnerships=(code,))
        yield partial(make_report, asked=elsewhere, now=now, by=ana), OWN_ALONE
    people = Permission.PEOPLE_MANAGE  # she has every right to the report, and none of this kind
    behind = partial(read_cases_behind, asked=ASKED, seen_with=people, now=now, by=ana)
    yield behind, NOT_ALLOWED
    taken_in = partial(import_extract, path=extract, progress=False, by=ana)
    yield partial(taken_in, partnership_code="kirklees"), NOT_ALLOWED


def _join_a_hidden_record(cast: Cast) -> None:
    secret, kept = _made(cast), _made(cast)
    _hide(cast, secret)
    join_records(child=secret, kept=kept, reason="Entered twice.", by=_again(cast, "amira"))


def _join_what_has_a_hidden_record(cast: Cast) -> None:
    secret, child, kept = _made(cast), _made(cast), _made(cast)
    join_records(child=secret, kept=child, reason="Entered twice.", by=_again(cast, "dev"))
    _hide(cast, secret)
    join_records(child=child, kept=kept, reason="Entered twice.", by=_again(cast, "amira"))


def _take_a_note_off_a_hidden_episode(cast: Cast) -> None:
    chloe = _again(cast, "chloe")
    note = make_note(child=cast.shared.child, by=chloe, episode=cast.shared, text="Hers.")
    agreement = SharingAgreement.objects.get(agency__code="northlight")
    end_agreement(agreement=agreement, reason="Not renewed.", by=_again(cast, "dev"))
    anew = Written(happened_on=note.happened_on, text="Hers, anew.")
    correct_note(note=note, episode=None, written=anew, reason="Why.", by=_again(cast, "chloe"))


def _made(cast: Cast) -> Child:
    return make_child(partnership=cast.bradford, by=cast.people["amira"])


def _hide(cast: Cast, child: Child) -> None:
    restrict(child=child, because="Confidential.", by=_again(cast, "dev"))


def _again(cast: Cast, name: str) -> User:
    """The same person, of whom nothing is remembered."""
    return User.objects.get(pk=cast.people[name].pk)
