"""A child's pages as text, for the stories about them."""

import re
from datetime import date

from django.test import Client

from referrals.episodes.models import Episode

REFERRED = date(2026, 3, 2)
TABS = ("", "timeline/", "levels/", "addresses/", "episodes/", "missing/", "support/")
OF_CHARITIES = tuple(tab for tab in TABS if tab not in ("episodes/", "missing/"))


def page_of(client: Client, episode: Episode, tab: str = "", status: int = 200) -> str:
    """The words of a page of the episode's child."""
    response = client.get(f"/children/{episode.child_id}/{tab}")
    assert response.status_code == status
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
