"""The manager's page of the partnership: how soon levels are reviewed, and its services."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from partners.agencies.models import Agency
from partners.partnerships.models import Partnership
from partners.partnerships.rules import review_days_problem
from partners.services.models import Service
from risk.levels.rules import review_due
from tests.cast import Cast, ClientFor

DAYS = {"high": "14", "medium": "28", "low": "56", "reason": "The board asked for it."}
SEEN = "HIGH=28,MEDIUM=42,LOW=84"


def _sent(**typed: str) -> dict[str, str]:
    return {"once": str(uuid4()), "seen": SEEN, **typed}


def test_the_manager_changes_how_soon_levels_are_reviewed(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    client = client_for(dev)
    assert "28 days" in client.get("/partnership/").content.decode()
    answer = client.post("/partnership/reviews/", _sent(**DAYS))
    assert answer.headers["Location"] == "/partnership/"
    page = client.get("/partnership/").content.decode()
    assert "The days are changed." in page
    days = Partnership.objects.get(pk=cast.bradford.pk).review_days
    assert days == {"HIGH": 14, "MEDIUM": 28, "LOW": 56}
    day = date(2026, 3, 2)
    assert review_due(day, "HIGH", days) is not None
    event = AuditEvent.objects.get(event="partnership.review_days_set")
    assert (event.before or {})["HIGH"] == 28
    assert (event.after or {}, event.reason) == (days, "The board asked for it.")
    assert Partnership.objects.get(pk=cast.kirklees.pk).review_days["HIGH"] == 28
    assert day + timedelta(14) >= day


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"high": "0"}, "Enter a number of days from 1 to 182"),
        ({"low": "183"}, "Enter a number of days from 1 to 182"),
        ({"medium": "soon"}, "Enter a number of days from 1 to 182"),
        ({"high": "29"}, "High must be reviewed at least as often as medium"),
        ({"reason": ""}, "Write the reason"),
    ],
)
def test_days_that_cannot_be_are_said_and_what_was_typed_is_kept(
    typed: dict[str, str], said: str, cast: Cast, dev: User, client_for: ClientFor
) -> None:
    answer = client_for(dev).post("/partnership/reviews/", _sent(**(DAYS | typed)))
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert 'value="56"' in page or "low" in typed
    assert Partnership.objects.get(pk=cast.bradford.pk).review_days["HIGH"] == 28


def test_who_saw_other_days_is_shown_both(cast: Cast, dev: User, client_for: ClientFor) -> None:
    client = client_for(dev)
    client.post("/partnership/reviews/", _sent(**DAYS))
    late = client.post("/partnership/reviews/", _sent(**(DAYS | {"high": "21"})))
    assert late.status_code == 409
    assert "Both versions" in late.content.decode()
    assert Partnership.objects.get(pk=cast.bradford.pk).review_days["HIGH"] == 14


def test_a_service_is_entered_once(cast: Cast, dev: User, client_for: ClientFor) -> None:
    client = client_for(dev)
    charity = Agency.objects.get(partnership=cast.bradford, code="larkfield")
    typed = {"agency": f"{charity.pk}", "name": "Evening talks", "seen": ""}
    client.post("/partnership/services/new/", _sent(**typed))
    assert Service.objects.get(code="evening-talks").agency == charity
    assert "Evening talks, Larkfield" in client.get("/partnership/").content.decode()
    again = client.post("/partnership/services/new/", _sent(**typed))
    assert (again.status_code, "of that name already" in again.content.decode()) == (422, True)
    empty = client.post("/partnership/services/new/", _sent(**(typed | {"name": "!!"})))
    assert "Enter a name with letters or digits" in empty.content.decode()


@pytest.mark.parametrize(
    ("high", "medium", "low", "wrong"),
    [(1, 1, 1, None), (182, 182, 182, None), (2, 1, 3, "HIGH"), (1, 3, 2, "MEDIUM"), (0, 1, 1, "HIGH")],
)  # fmt: skip
def test_a_higher_level_is_reviewed_as_often_at_least(
    high: int, medium: int, low: int, wrong: str | None
) -> None:
    problem = review_days_problem({"HIGH": high, "MEDIUM": medium, "LOW": low})
    assert (problem[0] if problem else None) == wrong
