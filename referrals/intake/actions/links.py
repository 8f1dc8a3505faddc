"""One-time links: asking for one, opening it, what its holder types and sends, its mails.

Nobody signs in: what is asked is told to the database as the system's purpose, what the holder does as the
link's own (hub/access/context.py). `by` is then the operator, under whose name the trail has it.
"""

import secrets
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from hub.access.context import acting_by_link, acting_for_stranger
from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import Conflict, RuleBroken
from hub.facts.moments import write_moment
from hub.recording.models import sealed_text
from hub.recording.rules import DRAFT_KEPT, LONGEST_DRAFT, Answers
from partners.partnerships.models import Partnership
from referrals.intake.actions.referrals import received
from referrals.intake.models import Referral, ReferralLink, token_of
from referrals.intake.queries import link_of
from referrals.intake.rules import LINK, Concern, digest_of, domain_is_known

OVER = "This link opens nothing any more: it was used, withdrawn, or is too old."
GONE = "This link is used, too old, or opened in another browser."
SUBJECT = "CSE Hub: your link to make a referral"
BODY = """You or the hub asked for a link to make a referral.

{address}

It opens once, in one browser, and works until {until}. If you did not ask for it, do nothing.

If a child is in danger now, call 999.
"""
CONFIRMED = "CSE Hub: your referral has arrived"
CONFIRMATION = """Your referral has arrived. Its number is {reference}.

Keep the number. The hub will check its records and tell you what comes of it.
"""


@transaction.atomic
def send_link(*, partnership: Partnership, email: str, now: datetime, by: User) -> ReferralLink:
    """Have a link sent to an address, as the hub does for one who calls. Raises NotAllowed."""
    require(by, Permission.REFERRALS_RECEIVE, partnership)
    link = _made(partnership, email, now, asked_by=by)
    _note("referral_link.asked", Verb.DISCLOSURE, link, now, by)
    return link


@transaction.atomic
def withdraw_link(*, link: ReferralLink, reason: str, now: datetime, by: User) -> None:
    """Let a link open nothing any more, as one that went to a wrong address; nothing waits for its mail.

    Raises NotAllowed; RuleBroken without a reason; Conflict where it is used, withdrawn or too old.
    """
    require(by, Permission.REFERRALS_RECEIVE, link)
    if not reason.strip():
        raise RuleBroken("link.reason", "Write the reason", "reason")
    still = ReferralLink.objects.filter(
        pk=link.pk, used_at=None, withdrawn_at=None, ends_at__gt=now
    )
    if not still.update(ends_at=now, withdrawn_at=now, withdrawn_by=by):
        raise Conflict(OVER)
    _note("referral_link.withdrawn", Verb.ALTERATION, link, now, by, reason.strip())


@transaction.atomic
def ask_for_link(*, partnership: Partnership, email: str, now: datetime, by: User) -> bool:
    """Have a link sent to whoever asks for one; say whether it was: nobody who asks is told.

    Nothing goes to an address of a domain that the partnership does not list.
    """
    if not domain_is_known(email, partnership.referrer_domains):
        return False
    with acting_for_stranger(by, partnership.pk):
        link = _made(partnership, email, now)
        _note("referral_link.asked", Verb.DISCLOSURE, link, now, by)
    return True


def _made(
    partnership: Partnership, email: str, now: datetime, asked_by: User | None = None
) -> ReferralLink:
    message = uuid4()
    return ReferralLink.objects.create(
        partnership=partnership,
        email=email.strip().lower(),
        message=message,
        digest=digest_of(token_of(message)),
        asked_by=asked_by,
        made_at=now,
        ends_at=now + timedelta(days=partnership.link_days),
    )


@transaction.atomic
def open_link(*, token: str, take_up: bool, now: datetime, by: User) -> str:
    """Bind a link to one browser and give that browser's secret; `take_up` goes on with what is half-written.

    Raises Conflict, with the same words, for a token that nobody was sent, or that was opened or is too old.
    """
    found = link_of(token=token)
    if found is None:
        raise Conflict(GONE)
    browser = secrets.token_urlsafe(32)
    with acting_for_stranger(by, found[1]):
        unopened = ReferralLink.objects.filter(pk=found[0], opened_at=None)
        if not unopened.update(opened_at=now, browser=digest_of(browser)):
            raise Conflict(GONE)
        link = ReferralLink.objects.get(pk=found[0])
        older = link.earlier() if take_up else None
        if older is not None:
            kept = {"content": older.content, "saved_at": older.saved_at}
            ReferralLink.objects.filter(pk=link.pk).update(**kept)
            ReferralLink.objects.filter(pk=older.pk).update(content="", ends_at=now)
        _note("referral_link.opened", Verb.CONSULTATION, link, now, by)
    return browser


@transaction.atomic
def keep_holders_draft(*, link: ReferralLink, answers: Answers, now: datetime, by: User) -> None:
    """Keep what a link's holder typed on a page, beside what the other pages hold. Raises RuleBroken."""
    with acting_by_link(by, link.partnership_id, link.pk):
        held = ReferralLink.objects.select_for_update().get(pk=link.pk)
        together = {**held.answers, **answers}
        if sum(map(len, map(str, together.values()))) > LONGEST_DRAFT:
            message = "This is too long to be kept as a draft. Shorten it."
            raise RuleBroken("draft.too_long", message)
        same = ReferralLink.objects.filter(pk=link.pk, used_at=None)
        same.update(content=sealed_text(together), saved_at=now)


@transaction.atomic
def receive_by_link(*, link: ReferralLink, concern: Concern, now: datetime, by: User) -> Referral:
    """Take in what a link's holder sends: one referral, and a second press gives the same.

    Raises RuleBroken, with the field, for what cannot be sent so.
    """
    with acting_by_link(by, link.partnership_id, link.pk):
        moment = write_moment(link.partnership_id)
        before = Referral.objects.filter(link=link).first()
        if before is not None:
            return before
        partnership = Partnership.objects.get(pk=link.partnership_id)
        referral = received(
            partnership, concern, LINK, by, received_at=moment, now=moment, link=link
        )
        ReferralLink.objects.filter(pk=link.pk).update(used_at=now, content="")
    return referral


@transaction.atomic
def send_mail(*, now: datetime, by: User) -> bool:
    """Send the oldest mail that has not gone out, and note that it has; say whether there was one.

    Killed in between, the mail goes out again with the same Message-ID. Raises NotAllowed, and what the
    mail server answers.
    """
    require(by, Permission.REFERRALS_RECEIVE)
    waiting = ReferralLink.objects.visible_to(by).to_be_sent()
    link = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if link is None:
        return False
    told = link.used_at is not None
    _mail(link, told=told).send()
    kept = {"confirmed_at": now} if told else {"sent_at": now}
    ReferralLink.objects.filter(pk=link.pk).update(**kept)
    return True


def _mail(link: ReferralLink, *, told: bool) -> EmailMessage:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    if told:
        reference = Referral.objects.get(link=link).reference
        subject, body = CONFIRMED, CONFIRMATION.format(reference=reference)
    else:
        address = f"{settings.HUB_ADDRESS.rstrip('/')}/refer/open/{token_of(link.message)}/"
        until = f"{link.ends_at.day} {link.ends_at:%B %Y}"
        subject, body = SUBJECT, BODY.format(address=address, until=until)
    name = f"{'told' if told else 'link'}.{link.message}@{domain}"
    return EmailMessage(
        subject=subject, body=body, to=[link.email], headers={"Message-ID": f"<{name}>"}
    )


def _note(
    event: str, verb: Verb, link: ReferralLink, now: datetime, by: User, reason: str = ""
) -> None:
    record(
        event=event,
        verb=verb,
        what="referral_link",
        reference=f"RL-{link.pk}",
        at=now,
        by=by,
        partnership_id=link.partnership_id,
        reason=reason,
    )


@transaction.atomic
def forget_drafts(*, now: datetime, by: User) -> int:
    """Remove what was half-written by a link and is past its time; give how many. Raises NotAllowed."""
    require(by, Permission.REFERRALS_RECEIVE)
    old = ReferralLink.objects.visible_to(by).begun().filter(saved_at__lt=now - DRAFT_KEPT)
    return old.update(content="")
