"""The page on which the second wall is reviewed says what the database does, and nothing else."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from hub.management.commands import second_wall_page as command
from hub.management.commands.second_wall_page import PAGE, in_words, second_wall_page

pytestmark = pytest.mark.django_db


def test_the_printed_page_is_what_the_database_does() -> None:
    assert PAGE.read_text(encoding="utf-8") == second_wall_page(), (
        "docs/second-wall.md is old: run manage.py migrate, then manage.py second_wall_page"
    )


@pytest.mark.long
@pytest.mark.parametrize(
    "change",
    [
        "DROP POLICY added_beneath ON referrals_note",
        "CREATE POLICY planted ON referrals_child FOR SELECT USING (true)",
        "ALTER POLICY seen ON risk_meetingtask USING (partnership_id = (SELECT hub_partnership()))",
        "CREATE OR REPLACE FUNCTION hub_sees_all() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'",
    ],
)
def test_a_rule_that_goes_comes_or_changes_changes_the_page(change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert PAGE.read_text(encoding="utf-8") != second_wall_page()


@pytest.mark.long
def test_the_command_writes_the_page_and_says_when_it_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "second-wall.md"
    monkeypatch.setattr(command, "PAGE", page)
    with pytest.raises(CommandError, match="is old"):
        call_command("second_wall_page", check=True)
    call_command("second_wall_page", stdout=StringIO())
    call_command("second_wall_page", check=True)
    page.write_text(page.read_text() + "x")
    with pytest.raises(CommandError, match="is old"):
        call_command("second_wall_page", check=True)


def test_a_condition_is_said_in_words_and_what_has_none_stays() -> None:
    sees = "( SELECT hub_sees_all() AS hub_sees_all)"
    listed = "( SELECT unnest(( SELECT hub_hidden_children() AS hub_hidden_children)) AS unnest)"
    both = f"({sees} AND (NOT (child_id IN {listed})))"
    assert in_words(both, "risk_crime") == "sees all cases and child_id is not a hidden child"
    handled = "(((handling)::text = 'P'::text) OR lead)"
    assert in_words(handled, "risk_crime") == "(handling = 'P') or lead"
