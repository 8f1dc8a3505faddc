"""The gallery shows each component there is."""

import re
from pathlib import Path

from hub.accounts.models import User
from tests.cast import ClientFor

TEMPLATES = Path("templates")
INCLUDED = re.compile(r'\{% include "([^"]+)"')
# A case's own frame, shown on the child's page: its content is not made up here.
OF_A_CASE = {"as_at_band", "as_at_form", "case_tabs", "identity_bar"}


def _reached(template: str) -> set[str]:
    """The templates that a template includes, and those that these include."""
    direct = set(INCLUDED.findall((TEMPLATES / template).read_text(encoding="utf-8")))
    return direct.union(*(_reached(name) for name in direct)) if direct else set()


def test_every_component_is_in_the_gallery() -> None:
    shown = _reached("gallery/gallery.html") | _reached("base.html")
    there = {f"components/{path.name}" for path in (TEMPLATES / "components").glob("*.html")}
    by_tag = {"components/level.html"}
    of_a_case = {f"components/{name}.html" for name in OF_A_CASE}
    assert there - shown - by_tag - of_a_case == set()


def test_the_gallery_names_nobody_and_is_no_case_page(gus: User, client_for: ClientFor) -> None:
    response = client_for(gus).get("/components/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "<title>Components - CSE Hub</title>" in page
    for word in ("High", "Medium", "Low", "No CSE risk", "Not set", "Nothing needs you."):
        assert word in page
