"""Receiving referrals, and what becomes of them before an episode has them; one-time links."""

from referrals.intake.actions.links import (
    ask_for_link,
    forget_drafts,
    keep_holders_draft,
    open_link,
    receive_by_link,
    send_link,
    send_mail,
    withdraw_link,
)
from referrals.intake.actions.referrals import (
    CHANGED,
    NOT_YOURS,
    amend_referral,
    join_referral,
    note_decided,
    receive_referral,
    settle_referral,
    tell_referrer,
    unjoin_referral,
    withdraw_referral,
)

__all__ = [
    "CHANGED",
    "NOT_YOURS",
    "amend_referral",
    "ask_for_link",
    "forget_drafts",
    "join_referral",
    "keep_holders_draft",
    "note_decided",
    "open_link",
    "receive_by_link",
    "receive_referral",
    "send_link",
    "send_mail",
    "settle_referral",
    "tell_referrer",
    "unjoin_referral",
    "withdraw_link",
    "withdraw_referral",
]
