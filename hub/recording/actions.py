"""Keeping what is half-written, and doing what was sent exactly once."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from hub.access.gate import standing_of
from hub.accounts.models import User
from hub.errors import RuleBroken
from hub.facts.moments import write_moment
from hub.recording.models import Draft, SentForm, sealed_text
from hub.recording.rules import (
    DRAFT_KEPT,
    LONGEST_ADDRESS,
    LONGEST_DRAFT,
    MOST_DRAFTS,
    SEALED_KEPT,
    SENT_KEPT,
    Answers,
)


@transaction.atomic
def keep_draft(
    *, address: str, title: str, answers: Answers, now: datetime, by: User, sealed: bool = False
) -> Draft:
    """Keep what a person has typed into the form at that address, in place of what was kept before.

    The oldest give way to a person's fifty-first. Raises RuleBroken for a text past all measure.
    """
    if len(address) > LONGEST_ADDRESS or sum(map(len, map(str, answers.values()))) > LONGEST_DRAFT:
        raise RuleBroken("draft.too_long", "This is too long to be kept as a draft. Shorten it.")
    kept = {
        "title": title[:120],
        "content": sealed_text(answers),
        "saved_at": now,
        "sealed": sealed,
    }
    draft, _new = Draft.objects.update_or_create(owner=by, address=address, defaults=kept)
    too_many = Draft.objects.filter(owner=by).order_by("-saved_at", "-pk")[MOST_DRAFTS:]
    Draft.objects.filter(pk__in=[old.pk for old in too_many]).delete()
    return draft


@transaction.atomic
def add_to_draft(*, address: str, title: str, answers: Answers, now: datetime, by: User) -> Draft:
    """Keep what a person typed on one page of a form of several, beside what its other pages hold.

    `address` is the whole form's. Raises RuleBroken for a text past all measure.
    """
    held = Draft.objects.select_for_update().filter(owner=by, address=address).first()
    together = {**(held.answers if held else {}), **answers}
    return keep_draft(address=address, title=title, answers=together, now=now, by=by)


@transaction.atomic
def drop_draft(*, address: str, by: User) -> None:
    """Let a person's draft of that form go: it was sent, or is not wanted."""
    Draft.objects.filter(owner=by, address=address).delete()


@transaction.atomic
def do_once(*, once: UUID, act: Callable[[], str], now: datetime, by: User) -> tuple[str, bool]:
    """Do what a form asks, unless the same form was sent before; give where it led, and whether it was new.

    A second press waits for the first to end, for the key is unique. What `act` raises undoes the key too.
    The partnership's lock is taken before `act` looks: what it compares cannot change until it has written.
    """
    try:
        with transaction.atomic():
            sent = SentForm.objects.create(owner=by, once=once, at=now)
    except IntegrityError:
        return SentForm.objects.get(owner=by, once=once).went_to, False
    standing = standing_of(by)
    if standing is not None and standing.partnership_id is not None:
        write_moment(standing.partnership_id)
    sent.went_to = act()
    sent.save(update_fields=["went_to"])
    return sent.went_to, True


@transaction.atomic
def forget_old(*, now: datetime, by: User) -> int:
    """Remove drafts and keys that are past their time; give how many drafts went."""
    SentForm.objects.filter(at__lt=now - SENT_KEPT).delete()
    plain = Draft.objects.filter(sealed=False, saved_at__lt=now - DRAFT_KEPT)
    sealed = Draft.objects.filter(sealed=True, saved_at__lt=now - SEALED_KEPT)
    return plain.delete()[0] + sealed.delete()[0]
