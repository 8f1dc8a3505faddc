"""What the holder of a one-time link reads and sends, and what a stranger does who asks for one."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from hub.access.context import acting_by_link, acting_for_stranger
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.preferences.models import Preferences
from hub.recording.models import Draft
from referrals.caseload.models import SavedFilter
from referrals.emergencies.models import EmergencyAccess
from referrals.intake.models import Referral, ReferralLink, ReferralVersion
from tests.cast import Cast
from tests.hub.rows import any_row
from tests.outcomes import REFUSED, adds, has_right, outcome
from tests.second_wall import as_application
from tests.test_second_wall import numbers, rows, walled_tables

# What a link's holder would meet by the operator's number.
OPERATORS_OWN = (Draft, Preferences, SavedFilter, EmergencyAccess)
OF_A_USER = (
    "user_id",
    "owner_id",
    "person_id",
    "author_id",
    "recorded_by_id",
    "reviewed_by_id",
    "asked_by_id",
)
LINK, REFERRAL, VERSION = (
    "referrals_referrallink",
    "referrals_referral",
    "referrals_referralversion",
)
# What is written by a link: its event and the key of what was sent stand under the operator's number.
WRITTEN = (LINK, REFERRAL, VERSION, "hub_auditevent", "hub_sentform")


@dataclass(frozen=True)
class Links:
    """A link that somebody holds, what was sent by it, and another link of the hub and one of elsewhere."""

    cast: Cast
    own: dict[str, Any]
    sent: dict[str, Any]
    version: dict[str, Any]
    other: dict[str, Any]
    elsewhere: dict[str, Any]
    of_the_hub: set[Any]
    sent_by_other: int
    stored: dict[str, list[dict[str, Any]]]


def make_links(cast: Cast) -> Links:
    """Make the links, and a referral with its first version sent by two of them."""
    now, by = timezone.now(), operator()
    with (
        connection.cursor() as cursor
    ):  # what was written before stands there as of another transaction
        cursor.execute("ALTER TABLE hub_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE hub_auditevent SET transaction = 1")
    links = []
    for partnership in (cast.bradford, cast.bradford, cast.kirklees):
        link = any_row(ReferralLink, partnership, {})
        ReferralLink.objects.filter(pk=link.pk).update(ends_at=now + timedelta(days=1))
        links.append(link)
    sent = [_sent(cast, link) for link in links[:2]]
    for model in OPERATORS_OWN:
        any_row(model, cast.bradford, {User: by})
    version = any_row(ReferralVersion, cast.bradford, {Referral: sent[0]})
    ReferralVersion.objects.filter(pk=version.pk).update(recorded_by=by)
    own, other, elsewhere = (_stored(LINK, link.pk) for link in links)
    of_hub = rows(f"SELECT id FROM {LINK} WHERE partnership_id = %s", cast.bradford.pk)
    return Links(
        cast=cast,
        own=own,
        sent=_stored(REFERRAL, sent[0].pk),
        version=_stored(VERSION, version.pk),
        other=other,
        elsewhere=elsewhere,
        of_the_hub={number for (number,) in of_hub},
        sent_by_other=sent[1].pk,
        stored={table: _some(table, cast) for table in walled_tables() if table not in WRITTEN},
    )


def _sent(cast: Cast, link: ReferralLink) -> Referral:
    row: Referral = any_row(Referral, cast.bradford, {})
    row.pk, row._state.adding = None, True
    row.number, row.reference = row.number + 1000, f"{row.reference}-{link.pk}"
    row.link, row.route, row.child, row.episode, row.decided_at = link, "link", None, None, None
    row.recorded_by = operator()
    row.save()
    return row


def _stored(table: str, number: int) -> dict[str, Any]:
    [(row,)] = rows(f"SELECT to_jsonb(t)::text FROM {table} t WHERE id = %s", number)
    found: dict[str, Any] = json.loads(str(row))
    return found


def _some(table: str, cast: Cast) -> list[dict[str, Any]]:
    """Give some rows of a table as the holder of a link would try to write them."""
    found = [
        json.loads(str(row)) for (row,) in rows(f"SELECT to_jsonb(t)::text FROM {table} t LIMIT 20")
    ]
    return [{name: _as_holder(name, value, cast) for name, value in row.items()} for row in found]


def _as_holder(name: str, value: Any, cast: Cast) -> Any:
    """Put a row where its holder acts: at the partnership, and under the operator's number."""
    own = {"partnership_id": cast.bradford.pk, "partnership_code": cast.bradford.code}
    return operator().pk if name in OF_A_USER and value is not None else own.get(name, value)


def mislinked(links: Links, tables: Collection[str] | None = None) -> Iterator[str]:
    """What the holder of the link, or a stranger, reads or writes that is not theirs, or cannot that is."""
    own = links.own["id"]
    with as_application(), acting_by_link(operator(), links.cast.bradford.pk, own):
        own_alone = {LINK: {own}, REFERRAL: {links.sent["id"]}, VERSION: {links.version["id"]}}
        yield from _misread(own_alone, tables)
        yield from _misadded(links, tables)
        yield from _mistouched(links, tables)
        yield from _missent(links)
        yield from _mischanged(links, {own})
    with as_application(), acting_for_stranger(operator(), links.cast.bradford.pk):
        yield from _misread({LINK: links.of_the_hub}, tables)
        yield from _misadded(links, tables)
        yield from _mistouched(links, tables)
        yield from _mischanged(links, links.of_the_hub)
        if not adds(LINK, links.own) or adds(LINK, links.elsewhere):
            yield "a stranger cannot ask for a link here, or can elsewhere"
        if adds(REFERRAL, links.sent) or adds(VERSION, links.version):
            yield "a stranger who asks for a link sends a referral without one"


def _misread(may: dict[str, set[Any]], tables: Collection[str] | None) -> Iterator[str]:
    for table in walled_tables() if tables is None else tables:
        seen, expected = numbers(table), may.get(table, set())
        if table != "hub_sentform" and seen != expected:
            yield f"by a link {seen} of {table} are read instead of {expected}"


def _misadded(links: Links, tables: Collection[str] | None) -> Iterator[str]:
    for table, stored in links.stored.items():
        asked = (tables is None or table in tables) and has_right(table, "INSERT")
        if asked and any(adds(table, row) for row in stored):
            yield f"by a link rows of {table} are added"


def _mistouched(links: Links, tables: Collection[str] | None) -> Iterator[str]:
    """Of what is not sent by a link nothing is changed nor removed by it, whichever row that may be.

    Changed without a word of what a row holds, so that the rule for reading has no say.
    """
    for table in walled_tables() if tables is None else tables:
        if table in (LINK, "hub_sentform"):
            continue
        whose = next(iter(links.stored.get(table, [])), {})
        put = {
            name: value for name, value in whose.items() if name in (*OF_A_USER, "partnership_code")
        }
        for name, value in put.items() if has_right(table, "UPDATE") else ():
            if outcome(f"UPDATE {table} SET {name} = %s", value) not in (0, REFUSED):
                yield f"by a link {name} of rows of {table} is changed"
        if has_right(table, "DELETE") and outcome(f"DELETE FROM {table}") not in (0, REFUSED):
            yield f"by a link rows of {table} are removed"


def _missent(links: Links) -> Iterator[str]:
    """Its own referral and first version go in; what differs from them in one thing does not."""
    if not adds(REFERRAL, links.sent) or not adds(VERSION, links.version):
        yield "the holder of a link cannot send"
    amira, child = links.cast.people["amira"].pk, links.cast.shared.child_id
    elsewhere = {"partnership_id": links.cast.kirklees.pk}
    by = {"recorded_by_id": amira}
    decided = {"decided_at": "2026-03-09T12:00:00+00:00"}
    for differs in (
        *({"link_id": links.other["id"]}, {"link_id": None}, elsewhere, by, decided),
        *({"route": "form"}, {"child_id": child}),
    ):
        if adds(REFERRAL, {**links.sent, **differs}):
            yield f"the holder of a link sends what is not theirs: {differs}"
    for differs in (elsewhere, by, {"number": 2}, {"referral_id": links.sent_by_other}):
        if adds(VERSION, {**links.version, **differs}):
            yield f"the holder of a link writes another version: {differs}"


def _mischanged(links: Links, may: set[Any]) -> Iterator[str]:
    for link in (links.own, links.other, links.elsewhere):
        done = outcome(f"UPDATE {LINK} SET content = '' WHERE id = %s", link["id"])
        if done != int(link["id"] in may):
            yield f"by a link {done} of the link {link['id']} are changed"
    own, elsewhere = links.own["id"], links.elsewhere["partnership_id"]
    if outcome(f"UPDATE {LINK} SET partnership_id = %s WHERE id = %s", elsewhere, own) != REFUSED:
        yield "by a link it is given to another partnership"
    if len(may) == 1 and outcome(f"UPDATE {LINK} SET id = -1 WHERE id = %s", own) != REFUSED:
        yield "the holder of a link makes it another one"
