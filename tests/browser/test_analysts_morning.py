"""An analyst's first quarter of an hour in the hub, with scripts and without."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from hub.accounts.models import User
from hub.facts.actions import correct
from hub.facts.moments import write_moment
from referrals.children.models import ChildDetails
from reporting.imports.models import ExtractUpload
from risk.levels.models import RiskLevel
from tests.browser.conftest import OpenPage, complaints_of
from tests.browser.deeds import Hands, button, fill, follow, main_of, said, sign_in
from tests.cast import Cast
from tests.make import make_child, make_episode
from tests.reporting.importing import level, write_extract
from tests.reporting.uploading import work, zip_of
from tests.sampled import sampled

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("no_worker"),
]
CHILDREN = range(60)
LEVELS = ("HIGH", "MEDIUM", "LOW")
Rows = list[dict[str, str]]


def _extract(folder: Path, surname: str, of_first: str) -> Path:
    """Sixty children of 2015, with their levels; the first child's surname and level as given."""
    children: Rows = [
        {
            "child_id": f"C{n}",
            "forenames": "Jodie",
            "surname": f"Fenwick{n}" if n else surname,
            "date_of_birth": "2001-05-03",
            "gender": "FMU"[n % 2],
        }
        for n in CHILDREN
    ]
    episodes: Rows = [
        {"episode_id": f"E{n}", "child_id": f"C{n}", "referred_on": "2015-05-03"} for n in CHILDREN
    ]
    levels = [level("2015-05-05", LEVELS[n % 3] if n else of_first, f"E{n}") for n in CHILDREN]
    write_extract(folder, children=children, episodes=episodes, risk_levels=levels)
    path = folder / f"{surname.lower()}.zip"
    path.write_bytes(zip_of({one.name: one.read_bytes() for one in folder.glob("*.csv")}))
    return path


@pytest.mark.long
@pytest.mark.parametrize(
    "scripts", sampled([True, False], 1), ids=["with scripts", "without scripts"]
)
def test_an_analysts_first_quarter_of_an_hour(
    scripts: bool, cast: Cast, amira: User, open_page: OpenPage, tmp_path: Path
) -> None:
    child = make_child(partnership=cast.bradford, by=amira)
    make_episode(child=child, by=amira)
    page = open_page("/", scripts=scripts)
    sign_in(page, "ana")
    _ask_for_too_little(page)
    _upload(page, _extract(tmp_path / "a", "Marsh", "HIGH"))
    _record_in_the_hub(amira)
    _upload(page, _extract(tmp_path / "b", "Moss", "LOW"))
    _settle_both_ways(page)
    _open_a_figure(page)
    _publish(page)
    assert complaints_of(page) == []


def _record_in_the_hub(by: User) -> None:
    """A social worker puts the first child's name and level right."""
    details = ChildDetails.objects.get(surname="Marsh")
    levels = RiskLevel.objects.get(episode__child=details.child)
    now = write_moment(details.partnership_id)
    correct(fact=details, now=now, by=by, reason="As she says it.", surname="Merrow")
    correct(fact=levels, now=now, by=by, reason="The minutes.", level="MEDIUM")


def _upload(page: Page, extract: Path) -> None:
    page.get_by_label("Menu").get_by_role("link", name="Imports").click()
    page.get_by_role("button", name="Upload an extract").click()
    page.get_by_label("Extract (.zip)").set_input_files(extract)
    button(page, "Upload and check")
    upload = work(ExtractUpload.objects.latest("pk"))
    page.goto(page.url.split("?")[0])
    assert "Nothing is imported yet." in main_of(page)
    button(page, "Import this extract")
    work(upload)
    page.goto(page.url.split("?")[0])
    assert "Imported" in page.inner_text("h1")


def _settle_both_ways(page: Page) -> None:
    """Of one conflict the hub's record stands, of the other what the extract says."""
    follow(page, "each waits to be settled")
    assert "2 conflicts" in main_of(page)
    for answer in ("The hub's record stands", "The extract's value stands"):
        page.locator("main tbody th a").first.click()
        assert "Differs" in main_of(page)
        page.get_by_label(answer).check()
        fill(page, reason="As the minutes of the meeting say.")
        button(page, "Settle this conflict")
        said(page, "The conflict is settled.")
    assert "Nothing waits to be settled." in main_of(page)
    follow(page, "Those that are settled")
    assert "2 settled conflicts" in main_of(page)


def _ask_for_too_little(page: Page) -> None:
    """A year with one child: the full report is made, to publish it is refused with the reason."""
    _ask_for_the_year(page, "1/4/2025", "31/3/2026")
    assert page.get_by_role("link", name="Full").get_attribute("aria-current") == "page"
    page.get_by_role("link", name="Published").click()
    button(page, "Publish this report")
    assert "This cannot be done" in page.title()
    assert "publishing is refused: strategic.episodes: the headline figure" in main_of(page)


def _ask_for_the_year(page: Page, start: str, snapshot: str) -> None:
    page.get_by_label("Menu").get_by_role("link", name="Appendix 1").click()
    page.get_by_text("Change the dates").click()
    fill(page, year_start=start, snapshot=snapshot)
    button(page, "Show the report")


def _open_a_figure(page: Page) -> None:
    """From the year to its document in four clicks; a figure explains itself in one."""
    _ask_for_the_year(page, "1/4/2015", "29/3/2016")
    hands = Hands(page)
    table = page.get_by_role("table", name="Risk level", exact=True)
    hands.click(table.get_by_role("row", name="High").get_by_role("link"))
    assert page.get_by_role("heading", level=1).inner_text() == "Open cases: Risk level, High: 19"
    assert "High on 29 March 2016, set on 5 May 2015." in main_of(page)
    assert hands.used == 1
    follow(page, "Back to the report")


def _publish(page: Page) -> None:
    page.get_by_role("link", name="Published").click()
    button(page, "Publish this report")
    assert "Published" in page.get_by_role("link", name="Published").inner_text()
    assert "by Ana Keane" in main_of(page)
    page.get_by_role("link", name="Full").click()
    assert "19" in page.get_by_role("table", name="Risk level", exact=True).inner_text()
