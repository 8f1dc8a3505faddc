"""The manager's page of the partnership: how soon levels are reviewed, and its services."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from partners.agencies.models import Agency
from partners.partnerships.models import Partnership
from partners.partnerships.rules import Terms, domains_of, review_days_problem, terms_problem
from partners.services.models import Service
from referrals.intake.rules import due_on
from risk.levels.rules import review_due
from tests.cast import Cast, ClientFor
from tests.make import make_referral
from tests.recording import typed

# Where the settings page leads; the first three stand nowhere else for the manager, whose menu was too long.
GROUPED = (
    "partners-sharing",
    "referrals-granted",
    "referrals-disclosures",
    "risk-tools",
    "risk-meetings",
)
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


def test_the_settings_page_leads_where_the_managers_menu_does_not(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    answer = client_for(dev).get("/partnership/")
    places = [entry.address for entry in answer.context["signed"].pages]
    assert not {reverse(name) for name in GROUPED[:3]} & set(places)
    page = answer.content.decode()
    assert all(f'href="{reverse(name)}"' in page for name in GROUPED)
    auditor = client_for(cast.people["otto"]).get("/").context["signed"].pages
    assert reverse("referrals-disclosures") in [entry.address for entry in auditor]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"high": "0"}, "Enter a number of days from 1 to 182"),
        ({"low": "183"}, "Enter a number of days from 1 to 182"),
        ({"medium": "soon"}, "Enter a number of days from 1 to 182"),
        ({"high": "29"}, "High must be reviewed at least as often as medium"),
        ({"reason": ""}, "Write the reason"),
    ],
)
def test_days_that_cannot_be_are_said_and_what_was_typed_is_kept(
    changed: dict[str, str], said: str, cast: Cast, dev: User, client_for: ClientFor
) -> None:
    answer = client_for(dev).post("/partnership/reviews/", _sent(**(DAYS | changed)))
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert 'value="56"' in page or "low" in changed
    assert Partnership.objects.get(pk=cast.bradford.pk).review_days["HIGH"] == 28


def test_who_saw_other_days_is_shown_both(cast: Cast, dev: User, client_for: ClientFor) -> None:
    client = client_for(dev)
    client.post("/partnership/reviews/", _sent(**DAYS))
    late = client.post("/partnership/reviews/", _sent(**(DAYS | {"high": "21"})))
    assert late.status_code == 409
    assert "Both versions" in late.content.decode()
    assert Partnership.objects.get(pk=cast.bradford.pk).review_days["HIGH"] == 14


TERMS = {
    "decision_days": "2",
    "feedback_days": "9",
    "domains": "@Hillside.example\nx.org",
    "reason": "Agreed.",
}


def test_the_manager_says_how_referrals_are_taken_in_and_it_counts_from_the_next(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    before = make_referral(partnership=cast.bradford, by=dev)
    client = client_for(dev)
    assert (
        "within 1 working day, and its referrer told within 5"
        in client.get("/partnership/").content.decode()
    )
    form, of_another = client.get("/partnership/referrals/"), client.get("/partnership/referrals/")
    client.post("/partnership/referrals/", typed(form, **TERMS))
    page = client.get("/partnership/").content.decode()
    assert "within 2 working days, and its referrer told within 9" in page
    assert "addresses of hillside.example, x.org" in page
    after = make_referral(partnership=Partnership.objects.get(code="bradford"), by=dev)
    assert after.decide_by == due_on(after.received_at, 2)
    assert after.feedback_by == due_on(after.received_at, 9)
    before.refresh_from_db()
    assert before.decide_by == due_on(before.received_at, 1)
    event = AuditEvent.objects.get(event="partnership.terms_set")
    assert (event.before or {})["referrer_domains"] == []
    assert (event.after or {})["referrer_domains"] == ["hillside.example", "x.org"]
    late = client.post(
        "/partnership/referrals/", typed(of_another, **TERMS | {"decision_days": "3"})
    )
    assert (late.status_code, "Both versions" in late.content.decode()) == (409, True)
    wrong = typed(client.get("/partnership/referrals/"), domains="school", reason="Agreed.")
    said = client.post("/partnership/referrals/", wrong)
    assert (said.status_code, "“school” is no domain" in said.content.decode()) == (422, True)
    cast.kirklees.refresh_from_db()
    assert cast.kirklees.terms == Terms(1, 5)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(1, 1), None),
        (Terms(5, 28, ("a.co", "x-y.school.example")), None),
        (Terms(0, 5), "decision_days"),
        (Terms(6, 28), "decision_days"),
        (Terms(1, 0), "feedback_days"),
        (Terms(1, 29), "feedback_days"),
        (Terms(3, 2), "feedback_days"),
        (Terms(1, 5, ("good.example", "bad")), "domains"),
        (Terms(1, 5, ("-x.example",)), "domains"),
        (Terms(1, 5, ("x..example",)), "domains"),
        (Terms(1, 5, ("me@x.example",)), "domains"),
        (Terms(1, 5, (f"{'x' * 114}.example",)), "domains"),
    ],
)
def test_terms_that_cannot_be_are_said_by_field(terms: Terms, field: str | None) -> None:
    problem = terms_problem(terms)
    assert (problem[0] if problem else None) == field


def test_domains_are_read_once_each_however_they_are_typed() -> None:
    assert domains_of("@B.example, a.example\nb.example @") == ("a.example", "b.example")
    assert domains_of(" ") == ()


def test_a_service_is_entered_once(cast: Cast, dev: User, client_for: ClientFor) -> None:
    client = client_for(dev)
    charity = Agency.objects.get(partnership=cast.bradford, code="larkfield")
    entered = {"agency": f"{charity.pk}", "name": "Evening talks", "seen": ""}
    client.post("/partnership/services/new/", _sent(**entered))
    assert Service.objects.get(code="evening-talks").agency == charity
    assert "Evening talks, Larkfield" in client.get("/partnership/").content.decode()
    again = client.post("/partnership/services/new/", _sent(**entered))
    assert (again.status_code, "of that name already" in again.content.decode()) == (422, True)
    empty = client.post("/partnership/services/new/", _sent(**(entered | {"name": "!!"})))
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
