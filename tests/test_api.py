"""Reading by machine: what each role is given, and in which shape."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.interface.rules import Scope
from referrals.grants.actions import restrict
from tests.cast import Cast
from tests.machines import EVERY_SCOPE, by_token, machine_like, own_tokens, secret_of
from tests.make import make_address, make_caseload, make_child, make_episode, set_level

DAY = date(2026, 3, 3)
CASES = (Scope.CHILDREN_READ, Scope.EPISODES_READ, Scope.LEVELS_READ)


def client_of(user: User, *scopes: Scope) -> Client:
    return by_token(machine_like(user, *(scopes or CASES)))


def items(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_a_social_workers_machine_reads_the_children_of_the_partnership(
    cast: Cast, amira: User
) -> None:
    machine = client_of(amira)
    listed = items(machine.get("/api/v1/children"))
    assert [child["identity"]["surname"] for child in listed] == ["Marden", "Quillan"]
    [one] = items(machine.get("/api/v1/children", {"reference": listed[0]["reference"]}))
    assert one == listed[0]
    assert set(one) == {"reference", "identity", "gender", "joined_into", "joined"}
    assert (one["joined_into"], one["joined"]) == (None, [])


def test_one_child_comes_with_what_holds_today(cast: Cast, amira: User) -> None:
    child = cast.shared.child
    make_address(child=child, by=amira, from_date=DAY, postcode="BD1 1AA")
    answer = client_of(amira).get(f"/api/v1/children/{child.reference}").json()
    assert answer["address_state"] == "given"
    assert answer["address"]["postcode"] == "BD1 1AA"
    assert answer["statuses"] == []


def test_a_confidential_address_is_given_to_nobody(cast: Cast, amira: User, chloe: User) -> None:
    child = cast.shared.child
    make_address(child=child, by=amira, from_date=DAY, postcode="BD1 1AA", confidential=True)
    for user in (amira, chloe):
        answer = client_of(user).get(f"/api/v1/children/{child.reference}")
        assert answer.json()["address_state"] == "withheld"
        assert "BD1 1AA" not in answer.content.decode()


def test_a_charitys_machine_reads_the_child_that_its_service_supports_and_no_other(
    cast: Cast, chloe: User, amira: User
) -> None:
    set_level(
        episode=cast.shared, level="HIGH", set_on=DAY, by=amira, rationale="Seen with older people"
    )
    machine = client_of(chloe)
    [child] = items(machine.get("/api/v1/children"))
    assert child["identity"]["surname"] == "Marden"
    assert machine.get(f"/api/v1/children/{child['reference']}").json()["statuses"] is None
    [episode] = items(machine.get("/api/v1/episodes"))
    assert (episode["level"], episode["child"]) == ("HIGH", child["reference"])
    [level] = items(machine.get(f"/api/v1/episodes/{episode['reference']}/levels"))
    assert (level["level"], level["label"], level["reason"]) == ("HIGH", "High", None)
    [told] = items(client_of(amira).get(f"/api/v1/episodes/{episode['reference']}/levels"))
    assert told["reason"] == "Seen with older people"


def test_hidden_and_absent_are_the_same(cast: Cast, amira: User, dev: User) -> None:
    hidden = cast.unshared
    restrict(child=hidden.child, because="A worker's family", by=dev)
    machine = client_of(amira)
    asked = [
        f"/api/v1/children/{hidden.child.reference}",
        "/api/v1/children/C-none",
        f"/api/v1/episodes/{hidden.reference}",
        f"/api/v1/episodes/{hidden.reference}/levels",
        f"/api/v1/episodes/{cast.elsewhere.reference}",
    ]
    answers = [machine.get(address) for address in asked]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert hidden.reference not in machine.get("/api/v1/episodes").content.decode()


def test_episodes_are_narrowed(cast: Cast, amira: User) -> None:
    child = make_child(partnership=cast.bradford, by=amira)
    closed = make_episode(child=child, by=amira)
    type(closed).objects.filter(pk=closed.pk).update(closed_on=closed.referred_on, level="LOW")
    machine, reference = client_of(amira), closed.reference
    for asked in (
        {"state": "closed"},
        {"level": "LOW"},
        {"child": child.reference},
        {"state": "closed", "referred_from": "2026-03-02", "referred_to": "2026-03-02"},
    ):
        assert [row["reference"] for row in items(machine.get("/api/v1/episodes", asked))] == [
            reference
        ]
    assert items(machine.get("/api/v1/episodes", {"referred_to": "2000-01-01"})) == []
    assert len(items(machine.get("/api/v1/episodes", {"level": "NOT_SET"}))) == 2


def test_a_list_is_read_page_by_page_and_each_row_comes_once(cast: Cast, amira: User) -> None:
    make_caseload(partnership=cast.bradford, number=7, by=amira)
    machine, seen, asked = client_of(amira), [], {"limit": "4"}
    while True:
        answer = machine.get("/api/v1/episodes", asked)
        seen += [row["reference"] for row in items(answer)]
        if answer.json()["next"] is None:
            break
        asked = {"limit": "4", "after": answer.json()["next"]}
    assert len(seen) == len(set(seen)) == 9


def test_children_who_changed_are_found_and_not_by_those_to_whom_changes_do_not_show(
    cast: Cast, amira: User, chloe: User
) -> None:
    make_address(child=cast.shared.child, by=amira, from_date=DAY)
    machine = client_of(amira)
    asked = {"changed_since": "2026-03-01T00:00:00+00:00"}
    [child] = items(machine.get("/api/v1/children", asked))
    assert child["reference"] == cast.shared.child.reference
    assert items(machine.get("/api/v1/children", {"changed_since": "9999-12-31T00:00:00Z"})) == []
    assert client_of(chloe).get("/api/v1/children", asked).status_code == 403


def test_the_board_reads_what_was_published_and_no_case(cast: Cast, bea: User) -> None:
    machine = client_of(bea, Scope.REPORT_READ)
    year = {"year_start": "2025-04-01"}
    assert machine.get("/api/v1/reports/appendix1", year).status_code == 404
    full = machine.get("/api/v1/reports/appendix1", {**year, "disclosure": "full"})
    assert full.status_code == 403
    assert machine.get("/api/v1/children").status_code == 403


def test_who_may_reads_the_full_report_and_it_is_logged_as_handed_out(
    cast: Cast, ana: User
) -> None:
    machine = client_of(ana, Scope.REPORT_READ)
    asked = {"year_start": "2025-04-01", "disclosure": "full"}
    report = machine.get("/api/v1/reports/appendix1", asked).json()
    assert report["strategic"]["new"] == 2
    assert report["movement"] is None
    events = AuditEvent.objects.order_by("-pk").values_list("event", flat=True)[:3]
    assert {"appendix1.full.downloaded", "api.appendix1.full"} <= set(events)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("children?limit=0", "limit"),
        ("children?limit=101", "limit"),
        ("children?limit=1.0", "limit"),
        ("children?limit=", "limit"),
        ("children?limit=1&limit=2", "limit"),
        ("children?after=x", "after"),
        ("children?surname=Marden", "surname"),
        ("children?changed_since=2026-03-01", "changed_since"),
        ("children?changed_since=2026-03-01T00:00:00", "changed_since"),
        ("children/C-1?x=1", "x"),
        ("episodes?state=shut", "state"),
        ("episodes?referred_from=1/3/2026", "referred_from"),
        ("episodes?referred_from=2026-02-30", "referred_from"),
        ("episodes/E-1/levels?limit=-1", "limit"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(
    address: str, said: str, cast: Cast, amira: User
) -> None:
    answer = client_of(amira).get(f"/api/v1/{address}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [said]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("", 400),
        ("year_start=2025-04-02", 400),
        ("year_start=2025-04-01&types=cse", 400),
        ("year_start=2025-04-01&snapshot=0001-01-01&disclosure=full", 422),
        ("year_start=2025-04-01&types=CSE,CSE&disclosure=full", 422),
    ],
)
def test_a_report_that_cannot_be_made_is_refused(
    asked: str, status: int, cast: Cast, ana: User
) -> None:
    machine = client_of(ana, Scope.REPORT_READ)
    assert machine.get(f"/api/v1/reports/appendix1?{asked}").status_code == status


def test_what_a_machine_was_given_is_on_the_trail(cast: Cast, amira: User) -> None:
    machine, child = client_of(amira), cast.shared.child
    machine.get("/api/v1/children")
    machine.get(f"/api/v1/children/{child.reference}")
    machine.get("/api/v1/children/C-none")
    machine.get("/api/v1/reports/appendix1?year_start=2025-04-01")
    unknown, absent, read, listed = AuditEvent.objects.order_by("-pk")[:4]
    assert (listed.event, listed.username) == (
        "api.children.listed",
        "bradford.social-care.case-transfer",
    )
    assert child.reference in listed.about
    assert listed.after is not None
    assert listed.after["token"]
    assert (read.event, read.what, read.reference) == ("api.child.read", "child", child.reference)
    assert (absent.event, absent.reference) == (
        "refused.unknown",
        "/api/v1/children/<str:reference>",
    )
    assert (unknown.event, unknown.what) == ("refused", "api-appendix1")
    assert "report:read" in unknown.reason


def test_a_list_asks_as_often_of_many_rows_as_of_few(cast: Cast, erin: User) -> None:
    machine = client_of(erin)
    [episode, *_others] = make_caseload(partnership=cast.kirklees, number=3, by=erin)
    addresses = ["children", "episodes", f"episodes/{episode.reference}/levels"]

    def counts() -> list[int]:
        found = []
        for address in addresses:
            machine.get(f"/api/v1/{address}?limit=100")
            with CaptureQueriesContext(connection) as asked:
                machine.get(f"/api/v1/{address}?limit=100")
            found.append(len(asked))
        return found

    few = counts()
    make_caseload(partnership=cast.kirklees, number=40, by=erin)
    assert counts() == few


def test_a_browsers_session_opens_nothing_here_and_a_token_no_page(cast: Cast, amira: User) -> None:
    browser = Client()
    browser.force_login(amira)
    assert browser.get("/api/v1/children").status_code == 401
    assert by_token(machine_like(amira, *CASES)).get("/episodes/").status_code == 302


def test_methods_forms_and_addresses_that_there_are_not(cast: Cast, amira: User) -> None:
    machine = client_of(amira)
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"):
        answer = machine.generic(method, "/api/v1/children")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert machine.get("/api/v1/children", headers={"Accept": "text/html"}).status_code == 406
    assert machine.generic("GET", "/api/v1/children", b"{}").status_code == 415
    assert machine.get("/api/v1/nothing").status_code == 404
    assert machine.get("/api/v1/children?reference=%00").status_code == 400
    assert machine.head("/api/v1/children").status_code == 200


def test_every_refusal_has_the_one_shape(cast: Cast, amira: User) -> None:
    machine = client_of(amira)
    for address in (
        "children?x=1",
        "nothing",
        "reports/appendix1",
        "children/C-none",
        "children?%00",
    ):
        answer = machine.get(f"/api/v1/{address}")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert {"type", "title", "status", "detail"} <= set(answer.json())
        assert answer.json()["status"] == answer.status_code


def test_a_fault_of_ours_is_a_problem_too_and_undoes_everything(
    cast: Cast, amira: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = client_of(amira)
    machine.raise_request_exception = False
    monkeypatch.setattr("referrals.children.api.page_of", lambda *asked: 1 / 0)
    before = AuditEvent.objects.count()
    answer = machine.get("/api/v1/children")
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        500,
        "application/problem+json",
    )
    assert AuditEvent.objects.count() == before


def test_the_description_is_given_to_whoever_has_a_token(cast: Cast) -> None:
    own_tokens(cast, EVERY_SCOPE[:1])
    answer = by_token(secret_of("otto")).get("/api/v1/schema")
    assert answer.status_code == 200
    assert set(answer.json()["paths"]) == {
        "/api/v1/children",
        "/api/v1/children/{reference}",
        "/api/v1/episodes",
        "/api/v1/episodes/{reference}",
        "/api/v1/episodes/{reference}/levels",
        "/api/v1/reports/appendix1",
    }
