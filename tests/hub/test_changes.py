"""What the database itself sees change: every way of writing, with before and after, beyond forging."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from hub.accounts.models import User
from hub.audit.models import AuditEvent, Change
from hub.facts.models import Fact
from referrals.children.models import Child
from referrals.episodes.models import Episode
from risk.levels.models import RiskLevel
from tests.cast import Cast
from tests.make import make_caseload, make_child, set_level

ROOMS = {"hub", "partners", "referrals", "risk", "reporting"}
# The trail itself, lists of codes, what a person keeps for themselves or a worker for its own work, and
# what is reckoned from grants that are watched.
UNWATCHED = {
    "hub_auditevent", "hub_change", "hub_seal", "hub_heartbeat", "hub_preferences", "hub_draft",
    "hub_sentform", "hub_remembered", "partners_boundaryset", "partners_machineuse", "partners_ward",
    "referrals_savedfilter", "referrals_sight", "referrals_matchkey",
    "risk_riskscale", "risk_scalelevel", "reporting_extractupload",
}  # fmt: skip


def last() -> Change:
    return Change.objects.latest("pk")


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_every_table_of_cases_is_watched_and_knows_whether_it_keeps_its_rows(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, split_part(encode(tgargs, 'escape'), '\\000', 1)"
            " FROM pg_trigger WHERE tgname = 'see_update'"
        )
        watched = dict(cursor.fetchall())
    models = [model for model in apps.get_models() if model._meta.app_label in ROOMS]
    expected = {
        model._meta.db_table: "kept" if issubclass(model, Fact) else "plain"
        for model in models
        if model._meta.db_table not in UNWATCHED
    }
    # The sign-in library's, and a person's own.
    of_signing_in = dict.fromkeys(("mfa_authenticator", "socialaccount_socialaccount"), "plain")
    assert watched == expected | of_signing_in


def test_a_change_says_what_stood_before_and_after(cast: Cast, amira: User) -> None:
    Episode.objects.filter(pk=cast.shared.pk).update(level="HIGH")
    change = last()
    assert (change.deed, change.table, change.rows) == ("update", "referrals_episode", 1)
    assert change.keys == f"{{[{cast.shared.pk},{cast.shared.pk + 1})}}"
    assert (change.before, change.after) == ({"level": [""]}, {"level": ["HIGH"]})
    assert change.partnership_id == cast.bradford.pk


def test_a_bulk_write_is_one_change_in_the_order_of_its_keys(cast: Cast, amira: User) -> None:
    episodes = make_caseload(partnership=cast.bradford, number=25, by=amira)
    for index, episode in enumerate(episodes):
        episode.level = f"L{index}"
    Episode.objects.bulk_update(episodes, ["level"])
    change = last()
    assert change.rows == 25
    assert change.after == {"level": [f"L{index}" for index in range(25)]}
    assert change.before == {"level": ["MEDIUM"] * 25}


@pytest.mark.parametrize("number", [3, 30])
def test_bulk_created_and_raw_rows_are_caught(number: int, cast: Cast) -> None:
    children = [
        Child(
            partnership=cast.bradford, reference=f"X-{index}", forenames="Ash", surname="Lowe",
            date_of_birth=date(2010, 1, 1), gender="F",
        )
        for index in range(number)
    ]  # fmt: skip
    Child.objects.bulk_create(children)
    assert (last().deed, last().table, last().rows) == ("insert", "referrals_child", number)
    run("UPDATE referrals_child SET surname = 'Hale' WHERE reference LIKE 'X-%%'")
    assert last().before == {"surname": ["Lowe"] * number}
    assert last().after == {"surname": ["Hale"] * number}


def test_a_deleted_row_is_kept_in_the_change(cast: Cast, amira: User) -> None:
    run("INSERT INTO risk_suspect (partnership_id, reference) VALUES (%s, 'S-9')", cast.bradford.pk)
    run("DELETE FROM risk_suspect WHERE reference = 'S-9'")
    change = last()
    assert (change.deed, change.table) == ("delete", "risk_suspect")
    assert change.before is not None
    assert change.before["rows"][0]["reference"] == "S-9"


def test_a_fact_keeps_itself_so_its_change_names_the_row_and_who(cast: Cast, amira: User) -> None:
    fact = set_level(episode=cast.shared, level="LOW", by=amira, set_on=date(2026, 3, 2))
    change = Change.objects.filter(table="risk_risklevel").latest("pk")
    assert (change.deed, change.user_id, change.after) == ("insert", amira.pk, None)
    RiskLevel.objects.filter(pk=fact.pk).update(
        superseded_at=datetime(2026, 3, 3, tzinfo=UTC), superseded_by=cast.people["dev"]
    )
    assert (last().deed, last().before, last().user_id) == ("update", None, cast.people["dev"].pk)


def test_who_is_acting_counts_before_whom_the_row_names(cast: Cast, amira: User) -> None:
    run("SELECT set_config('hub.user_id', '4711', true)")
    make_child(partnership=cast.bradford, by=amira)
    assert last().user_id == 4711


def test_a_password_is_not_kept(amira: User) -> None:
    amira.set_password("something-else-entirely")
    amira.save()
    after = last().after or {}
    assert after["password"] == ["not kept"]


def test_a_write_that_touches_nothing_leaves_nothing(cast: Cast) -> None:
    before = Change.objects.count()
    Episode.objects.filter(pk=0).update(level="HIGH")
    Episode.objects.filter(pk=0).delete()
    assert Change.objects.count() == before


def test_a_change_falls_with_its_transaction(cast: Cast) -> None:
    before = Change.objects.count()
    with transaction.atomic():
        Episode.objects.filter(pk=cast.shared.pk).update(level="HIGH")
        transaction.set_rollback(True)
    assert Change.objects.count() == before


def test_a_deed_and_its_changes_share_their_transaction(cast: Cast) -> None:
    event = AuditEvent.objects.latest("pk")
    assert Change.objects.filter(transaction=event.transaction, table="partners_post").exists()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE hub_change SET rows = 0", "DELETE FROM hub_change", "UPDATE hub_change SET before = '{}'"],
)  # fmt: skip
def test_changes_are_neither_changed_nor_deleted(statement: str, cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        run(statement)


def test_only_auditors_read_them_and_of_their_partnership(cast: Cast) -> None:
    make_child(partnership=cast.kirklees, by=cast.people["erin"])
    assert not Change.objects.visible_to(cast.people["dev"]).exists()
    read = Change.objects.visible_to(cast.people["otto"])
    assert {change.partnership_id for change in read} == {cast.bradford.pk}


def test_a_change_is_shown_in_one_line(cast: Cast) -> None:
    assert str(last()).endswith(f"{last().deed} {last().table} {last().rows}")
