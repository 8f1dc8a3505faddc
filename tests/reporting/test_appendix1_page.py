"""The report's page: what it shows to whom, what leaves the hub, and what it puts on the trail."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from referrals.disclosures.models import Disclosure
from reporting.appendix1.actions import make_report
from reporting.appendix1.forms import last_whole_year
from reporting.appendix1.rules import tracing
from reporting.appendix1.rules.parameters import PUBLISHED
from reporting.appendix1.views.figure import KINDS, NOT_SHOWN
from reporting.disclosure.models import Release
from tests.cast import Cast, ClientFor
from tests.make import make_caseload, make_child, make_episode
from tests.oracle.extracts import random_extract
from tests.reporting.test_appendix1 import ASKED, load, report
from tests.sampled import sampled

pytestmark = pytest.mark.django_db

QUERY = {
    "year_start": "1/4/2015",
    "snapshot": "29/3/2016",
    "movement_to": "1 August 2016",
    "suspects_from": "2015-07-01",
    "suspects_to": "30/6/2016",
}


@pytest.fixture
def ana_client(cast: Cast, client_for: ClientFor) -> Client:
    return client_for(cast.people["ana"])


def page_of(client: Client, **changed: str) -> Any:
    return client.get(reverse("appendix1"), {**QUERY, **changed})


def figure_of(client: Client, path: str, **more: str) -> Any:
    return client.get(reverse("appendix1-figure"), {**QUERY, "figure": path, **more})


def a_year_of(cast: Cast, number: int) -> None:
    """Children referred in the year, each with an open episode."""
    for _ in range(number):
        child = make_child(
            partnership=cast.bradford, by=cast.people["amira"], born=date(2001, 5, 3)
        )
        make_episode(child=child, by=cast.people["amira"], referred_on=date(2015, 5, 3))


def test_the_page_shows_each_table_with_its_definition_and_its_stamps(
    cast: Cast, ana_client: Client
) -> None:
    a_year_of(cast, 3)
    found = page_of(ana_client)
    text = found.content.decode()
    assert found.status_code == 200
    for words in (
        "1 April 2015 to 31 March 2016",
        "29 March 2016",
        "Full: small counts shown",
        "Version 1",
        "Each child with an episode dealt with, counted once.",
        "100.0% (3 of 3)",
        "sums agree",
        "No report with these dates has been published.",
    ):
        assert words in text
    assert "Fenwick" not in text
    assert "<title>Appendix 1 - CSE Hub</title>" in text


def test_without_dates_it_is_the_last_whole_year(ana_client: Client) -> None:
    shown = ana_client.get(reverse("appendix1")).context["page"]
    start = last_whole_year(timezone.now().date())
    assert dict(shown.document.stamps)["Year"].startswith(f"1 April {start.year} to 31 March")


@pytest.mark.parametrize(
    ("today", "start"),
    [
        (date(2026, 11, 22), date(2025, 4, 1)),
        (date(2026, 4, 1), date(2025, 4, 1)),
        (date(2026, 3, 31), date(2024, 4, 1)),
    ],
)
def test_the_last_whole_year_is_over(today: date, start: date) -> None:
    assert last_whole_year(today) == start


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("year_start", "2/4/2015", "first of a month"),
        ("year_start", "soon", "Year starts on must be a real date"),
        ("year_start", "1/1/0001", "Year starts on must be a real date"),
        ("year_start", "9999-12-01", "Year starts on must be a real date"),
        ("snapshot", "31/2/2016", "Open cases on must be a real date"),
        ("movement_to", "28/3/2016", "on or after the day of open cases"),
        ("suspects_to", "30/6/2015", "must end after it begins"),
        ("known_at", "soon", "Enter the moment as a date and time"),
        ("known_at", "2999-01-01T00:00", "must lie in the past"),
        ("known_at", "0001-01-01T00:00+14:00", "must lie in the past"),
        ("types", "C$E", "Enter types as codes"),
        ("types", "A" * 201, "200 characters or fewer"),
        ("snapshot", "1" * 50, "at most 40"),
    ],
)
def test_a_bad_field_says_so_beside_it_and_keeps_what_was_typed(
    ana_client: Client, field: str, typed: str, says: str
) -> None:
    found = page_of(ana_client, **{field: typed})
    text = found.content.decode()
    assert found.status_code == 422
    assert says in text
    assert f'value="{typed}"' in text
    assert f'id="id_{field}_error"' in text
    assert 'value="1 August 2016"' in text or field == "movement_to"
    assert "<title>Error: Appendix 1 - CSE Hub</title>" in text
    assert not AuditEvent.objects.filter(event__startswith="appendix1").exists()


def test_a_window_that_only_begins_too_late_is_told_at_its_beginning(ana_client: Client) -> None:
    found = page_of(ana_client, suspects_from="1/7/2016", suspects_to="")
    assert b'id="id_suspects_from_error"' in found.content


def test_a_look_is_a_consultation_and_never_publishes(cast: Cast, ana_client: Client) -> None:
    page_of(ana_client)
    found = page_of(ana_client, disclosure="published")
    assert "No report with these dates has been published" in found.content.decode()
    assert not Release.objects.exists()
    events = AuditEvent.objects.filter(event__startswith="appendix1")
    assert [(e.event, e.verb, e.username) for e in events] == [
        ("appendix1.full", "consultation", "ana")
    ]


@pytest.mark.long
def test_every_figure_of_the_demo_opens_exactly_its_cases(
    cast_with_2016: Cast, ana_client: Client
) -> None:
    shown = page_of(ana_client).context["page"]
    figures = tracing.figures(report())
    linked = {
        cell.path: cell.value
        for view in shown.sections
        for table in view.section.tables
        for line in table.lines
        for cell in line.cells
        if view.figures_at and cell.path and cell.value
    }
    assert {path for path, count in figures.items() if count} == set(linked)
    for path in ("tactical.by_level.HIGH", "crimes.suspect_links", "missing.episodes"):
        page = figure_of(ana_client, path).context["page"]
        assert page.count == linked[path] == figures[path]
    pages = [figure_of(ana_client, "strategic.new", page=str(n)) for n in (1, 2, 13)]
    rows = [row.shown.reference for page in pages for row in page.context["page"].rows]
    assert len(rows) == len(set(rows)) == 3 * 50
    assert NOT_SHOWN not in rows


@pytest.mark.long
@pytest.mark.parametrize(("seed", "one_in"), sampled([(2, 4), (2, 1), (5, 1)], 1))
def test_the_cases_are_those_of_the_database_too(
    seed: int, one_in: int, cast: Cast, ana_client: Client, tmp_path: Path
) -> None:
    random_extract(seed, tmp_path)
    load(tmp_path)
    counts = [(path, count) for path, count in tracing.figures(report()).items() if count]
    for path, count in random.Random(seed).sample(counts, len(counts) // one_in):
        page = figure_of(ana_client, path).context["page"]
        assert page.count == count, path
        assert len(page.rows) == min(count, 50), path


def test_a_figure_names_children_and_explains_each(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    a_year_of(cast, 1)
    text = figure_of(client_for(dev), "strategic.episodes").content.decode()
    assert "Fenwick, Jodie" in text
    assert (
        "Referred on 3 May 2015 and not closed before 1 April 2015, so dealt with in the year."
        in text
    )
    event = AuditEvent.objects.get(event="appendix1.cases_seen")
    assert event.after is not None
    assert event.after["figure"] == "strategic.episodes"
    assert len(event.after["cases"]) == 1
    assert event.verb == "consultation"


@pytest.mark.parametrize(
    "path",
    ["", "strategic", "strategic.mean_new_per_month", "strategic.change_in_new_percent",
     "strategic.peak_age.all", "tactical.by_level.NONE", "parameters.definitions", "no.such",
     "tactical.by_level.HIGH.F", "movement.matrix", "__class__"],
)  # fmt: skip
def test_what_counts_no_case_is_no_page(path: str, ana_client: Client) -> None:
    assert figure_of(ana_client, path).status_code == 404


def test_a_figure_of_zero_says_so(ana_client: Client) -> None:
    found = figure_of(ana_client, "tactical.by_level.HIGH")
    assert found.status_code == 200
    assert "it counts no case" in found.content.decode()


def test_a_figure_opens_as_known_when_the_report_was_made(cast: Cast, ana_client: Client) -> None:
    a_year_of(cast, 1)
    shown = page_of(ana_client).context["page"]
    late = datetime.now(UTC)
    child = make_child(partnership=cast.bradford, by=cast.people["amira"], known_from=late)
    make_episode(
        child=child, by=cast.people["amira"], referred_on=date(2015, 6, 1), known_from=late
    )
    at = shown.sections[0].figures_at
    assert ana_client.get(f"{at}strategic.new").context["page"].count == 1
    assert figure_of(ana_client, "strategic.new").context["page"].count == 2


def test_another_partnerships_cases_are_in_no_figure(cast: Cast, ana_client: Client) -> None:
    child = make_child(partnership=cast.kirklees, by=cast.people["erin"], surname="Brightmore")
    make_episode(child=child, by=cast.people["erin"], referred_on=date(2015, 5, 3))
    found = figure_of(ana_client, "strategic.new")
    assert found.context["page"].count == 0
    assert page_of(ana_client, partnership="kirklees").context["page"].title.startswith("Bradford")


def published_demo(user: User) -> dict[str, Any]:
    asked = replace(ASKED, disclosure=PUBLISHED)
    return make_report(asked=asked, now=timezone.now(), by=user)


def test_publishing_is_one_deed_and_the_board_reads_it(
    cast_with_2016: Cast, client_for: ClientFor, ana_client: Client
) -> None:
    cast = cast_with_2016
    fields = page_of(ana_client).context["page"].publish
    found = ana_client.post(reverse("appendix1-publish"), {**fields, "disclosure": PUBLISHED})
    assert found.status_code == 302
    release = Release.objects.get()
    logged = Disclosure.objects.get()
    assert (logged.what, logged.recipient, logged.kind, logged.child, logged.recorded_by) == (
        "The published report", "The public", "appendix1", None, cast.people["ana"],
    )  # fmt: skip
    assert logged.reference == AuditEvent.objects.get(event="appendix1.published").reference
    shown = ana_client.get(found.headers["Location"]).context["page"]
    assert shown.hidden > 10
    assert "by Ana Keane" in shown.published_on
    bea = client_for(cast.people["bea"])
    theirs = page_of(bea).context["page"]
    assert [link.label for link in theirs.forms] == ["Published"]
    assert theirs.document == shown.document
    assert all(view.figures_at == "" for view in theirs.sections)
    taken = bea.get(reverse("appendix1-download"), {**QUERY, "format": "json"})
    assert json.loads(taken.content) == release.published
    event = AuditEvent.objects.get(event="appendix1.published.downloaded")
    assert (event.verb, event.username) == ("disclosure", "bea")
    assert Release.objects.count() == 1
    assert list(Disclosure.objects.order_by("pk").values_list("what", flat=True)) == [
        "The published report", "The published report, json",
    ]  # fmt: skip
    again = make_report(asked=_with_moment(release), now=timezone.now(), by=operator())
    assert (json.dumps(again, indent=2, ensure_ascii=False) + "\n").encode() == taken.content


def _with_moment(release: Release) -> Any:
    known_at = datetime.fromisoformat(release.parameters["known_at"])
    return replace(ASKED, disclosure=PUBLISHED, known_at=known_at)


@pytest.mark.long
def test_the_full_report_says_what_would_now_differ(
    cast_with_2016: Cast, ana_client: Client
) -> None:
    cast = cast_with_2016
    published_demo(cast.people["ana"])
    since = page_of(ana_client).context["page"].since
    assert since.rows == []
    a_year_of(cast, 1)
    since = page_of(ana_client).context["page"].since
    differ = {row.name: (row.then, row.now) for row in since.rows}
    assert differ["Strategic overview: New"] == (650, 651)
    assert "figures would now differ" in page_of(ana_client).content.decode()


def test_other_dates_or_types_find_no_release(cast_with_2016: Cast, ana_client: Client) -> None:
    published_demo(cast_with_2016.people["ana"])
    for changed in ({"types": "CSE,CCE"}, {"snapshot": "28/3/2016"}, {"movement_to": ""}):
        assert page_of(ana_client, disclosure=PUBLISHED, **changed).context["page"].document is None
    assert page_of(ana_client, disclosure=PUBLISHED).context["page"].document is not None


def test_a_report_that_does_not_add_up_is_not_published(
    cast: Cast, ana_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_year_of(cast, 2)
    monkeypatch.setattr("reporting.appendix1.rules.strategic.open_at", lambda _case, _day: False)
    text = page_of(ana_client).content.decode()
    assert "differs by 2" in text
    assert "cannot be published" in text
    found = ana_client.post(reverse("appendix1-publish"), QUERY)
    assert found.status_code == 422
    assert "does not add up" in found.content.decode()
    assert not Release.objects.exists()


@pytest.mark.parametrize("kind", ["json", "xlsx", "docx", "pdf"])
def test_each_download_is_a_disclosure_on_the_trail(
    kind: str, cast: Cast, ana_client: Client
) -> None:
    found = ana_client.get(reverse("appendix1-download"), {**QUERY, "format": kind})
    assert found.status_code == 200
    name = f"appendix1-bradford-2015-04-01-full.{kind}"
    assert found.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert len(found.content) > 1000
    event = AuditEvent.objects.get(event="appendix1.full.downloaded")
    assert event.verb == "disclosure"
    assert event.after is not None
    assert event.after["file"] == kind


@pytest.mark.parametrize(
    "changed", [{"format": "odt"}, {"snapshot": "soon"}, {"disclosure": "published"}]
)
def test_a_file_that_is_not_there_is_not_found(ana_client: Client, changed: dict[str, str]) -> None:
    assert ana_client.get(reverse("appendix1-download"), {**QUERY, **changed}).status_code == 404
    assert not AuditEvent.objects.filter(verb="disclosure").exists()


def test_the_board_may_not_have_the_full_report_by_any_address(
    cast: Cast, client_for: ClientFor
) -> None:
    bea = client_for(cast.people["bea"])
    for name in ("appendix1", "appendix1-download"):
        assert bea.get(reverse(name), {**QUERY, "disclosure": "full"}).status_code == 403
    assert figure_of(bea, "strategic.new").status_code == 403
    assert figure_of(bea, "strategic.new", disclosure="published").status_code == 403


def queries_of(address: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        address()
    return len(captured)


def test_more_cases_make_no_more_queries(cast: Cast, ana_client: Client) -> None:
    def counts() -> tuple[int, int]:
        report_page = queries_of(lambda: page_of(ana_client))
        return report_page, queries_of(lambda: figure_of(ana_client, "tactical.open"))

    a_year_of(cast, 1)
    page_of(ana_client)
    one = counts()
    a_year_of(cast, 30)
    make_caseload(partnership=cast.bradford, number=10, by=cast.people["amira"])
    assert counts() == one


def test_each_kind_of_case_is_gated_by_its_own_permission() -> None:
    police = {unit for unit, kind in KINDS.items() if kind.seen_with == "police_records.view"}
    assert police == {
        "crimes",
        "links of a crime with a suspect",
        "suspect-management occurrences",
    }
