"""Police intelligence, graded 3x5x2: the police's, and what its handling code or a release lets out."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.access.rules import ROLES, Permission, Role
from hub.accounts.models import User
from hub.audit.models import AuditEvent, Verb
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.models import Agency
from risk.intelligence.actions import (
    correct_log,
    log_intelligence,
    recall,
    release,
    withdraw_log,
)
from risk.intelligence.models import IntelligenceLog, IntelligenceRelease
from risk.intelligence.rules import Logged, problem_with, problem_with_release
from risk.suspects.models import Suspect
from tests.cast import Cast, ClientFor
from tests.recording import typed
from tests.referrals.pages import page_of
from tests.risk.test_printing import sheet_of
from tests.risk.writing import at, send
from tests.test_second_wall import refused, seeing_as
from tests.whole_case import DAY

PEOPLE = ("amira", "dev", "ben", "nora", "ana", "chloe", "femi", "erin")
THE_POLICES = {"dev", "ben"}
GRADED = {"evaluation": "2", "assessment": "B", "handling": "P"}


def logged(**words: str) -> Logged:
    return Logged(DAY, **{"text": "Seen in town.", **GRADED, **words})


def a_log(cast: Cast, **words: str) -> IntelligenceLog:
    limited = {"conditions": "Ask us first."} if words.get("handling") == "C" else {}
    by, child = cast.people["ben"], cast.shared.child
    said = logged(**{**limited, **words})
    return log_intelligence(child=child, logged=said, suspect=None, by=by)


def let_out(cast: Cast, log: IntelligenceLog, code: str) -> IntelligenceRelease:
    agency = Agency.objects.get(partnership=cast.bradford, code=code)
    words = {"because": "Safety plan.", "conditions": "For the plan only."}
    return release(log=log, agency=agency, **words, by=cast.people["ben"])


def readers(cast: Cast, log: IntelligenceLog) -> set[str]:
    """Who reads it by each wall; the two must agree."""
    first = {
        name
        for name in PEOPLE
        if IntelligenceLog.objects.visible_to(cast.people[name]).filter(pk=log.pk).exists()
    }
    for name in PEOPLE:
        with seeing_as(cast.people[name]):
            assert IntelligenceLog.objects.filter(pk=log.pk).exists() is (name in first), name
    return first


def test_the_police_alone_log_and_release(cast: Cast) -> None:
    holders = {role for role in Role if Permission.INTELLIGENCE_RECORD in ROLES[role].permissions}
    assert holders == {Role.POLICE_OFFICER, Role.SUSPECT_MANAGER}
    log = a_log(cast)
    given = let_out(cast, log, "health")
    for name in ("amira", "dev", "ana", "nora", "chloe", "erin"):
        _refuses_everything(log, given, cast.people[name])


def _refuses_everything(log: IntelligenceLog, given: IntelligenceRelease, by: User) -> None:
    child = log.child
    for deed in (
        lambda: log_intelligence(child=child, logged=logged(), suspect=None, by=by),
        lambda: correct_log(log=log, logged=logged(), suspect=None, reason="x", by=by),
        lambda: withdraw_log(log=log, reason="x", by=by),
        lambda: release(log=log, agency=given.agency, because="x", conditions="x", by=by),
        lambda: recall(given=given, reason="x", by=by),
    ):
        with pytest.raises(NotAllowed):
            deed()
    with seeing_as(by):
        assert refused("UPDATE risk_intelligencerelease SET superseded_at = now()")
        assert refused(
            "INSERT INTO risk_intelligencelog (child_id, partnership_id, happened_on, text, evaluation,"
            " assessment, handling, conditions, position, known_from, recorded_by_id, reason)"
            " VALUES (%s, %s, now(), 'x', '1', 'A', 'P', '', 9, now(), %s, '')",
            child.pk, child.partnership_id, by.pk,
        )  # fmt: skip


def test_the_handling_code_and_a_release_say_who_reads(cast: Cast, ben: User) -> None:
    open_log, limited = a_log(cast), a_log(cast, handling="C")
    assert readers(cast, open_log) == THE_POLICES | {"amira", "nora"}
    assert readers(cast, limited) == THE_POLICES
    for_health, for_charity = (let_out(cast, limited, code) for code in ("health", "northlight"))
    assert readers(cast, limited) == THE_POLICES | {"nora", "chloe"}
    recall(given=for_health, reason="No longer needed.", by=ben)
    assert readers(cast, limited) == THE_POLICES | {"chloe"}
    with pytest.raises(Conflict):
        recall(given=for_health, reason="Again.", by=ben)
    # A release goes no further than the child: larkfield has none.
    let_out(cast, limited, "larkfield")
    assert "femi" not in readers(cast, limited)
    new = correct_log(
        log=limited, logged=logged(text="Not he."), suspect=None, reason="Wrong.", by=ben
    )
    assert readers(cast, limited) == THE_POLICES
    assert readers(cast, new) == THE_POLICES | {"amira", "nora"}
    assert not IntelligenceRelease.objects.known().exists()
    with pytest.raises(Conflict):
        let_out(cast, limited, "health")
    assert for_charity.child == limited.child


def test_the_trail_says_what_was_released_to_whom_and_repeats_no_words(
    cast: Cast, ben: User
) -> None:
    log = a_log(cast, text="Secret words", handling="C")
    given = let_out(cast, log, "northlight")
    recall(given=given, reason="Plan changed.", by=ben)
    withdraw_log(log=log, reason="Wrong child.", by=ben)
    events = AuditEvent.objects.filter(event__startswith="intelligence.").order_by("pk")
    assert [(event.event.split(".")[1], event.verb) for event in events] == [
        ("logged", Verb.COLLECTION), ("released", Verb.DISCLOSURE),
        ("recalled", Verb.ALTERATION), ("withdrawn", Verb.ALTERATION),
    ]  # fmt: skip
    outline = {"log": 1, "happened_on": "2026-03-09", "grading": "2B, handling code C"}
    assert events[1].after == {**outline, "to": "Northlight"}
    assert (events[1].reason, events[2].reason) == ("Safety plan.", "Plan changed.")
    assert "Secret" not in str(list(events.values()))


def test_a_page_shows_each_person_their_part(
    cast: Cast, ben: User, amira: User, chloe: User, client_for: ClientFor
) -> None:
    suspect = Suspect.objects.create(partnership=cast.bradford, reference="S-77")
    answer = send(
        client_for(ben), at(cast, "intelligence/new/"), text="A car was seen.", handling="C",
        evaluation="1", assessment="A", conditions="Ask us first.", suspect=suspect.reference,
        happened_on="-1",
    )  # fmt: skip
    assert answer.status_code == 302
    log = IntelligenceLog.objects.get()
    assert (log.suspect, log.happened_on) == (suspect, timezone.localdate() - timedelta(days=1))
    nothing = "There is no intelligence to read by this day."
    for by in (amira, chloe):
        assert nothing in page_of(client_for(by), cast.shared, "intelligence/")
    health = Agency.objects.get(partnership=cast.bradford, code="northlight")
    sent = send(
        client_for(ben), at(cast, "intelligence/1/release/"), agency=f"{health.pk}",
        because="Safety plan.", conditions="For the plan only.",
    )  # fmt: skip
    assert sent.status_code == 302
    whole = page_of(client_for(ben), cast.shared, "intelligence/")
    for words in ("1A, handling code C Conditions: Ask us first. A car was seen.", "Suspect S-77.",
                  "Ben Ashcroft, Police", "Released to Northlight", "Recall"):  # fmt: skip
        assert words in whole
    charity = [page_of(client_for(chloe), cast.shared, "intelligence/"),
               sheet_of(client_for(chloe), cast.shared, part="intelligence")]  # fmt: skip
    for page in charity:
        assert "A car was seen." in page
        assert "Conditions: Ask us first. Released to your agency: For the plan only." in page
        for hidden in ("S-77", "Ben Ashcroft", "Safety plan"):
            assert hidden not in page
    given = IntelligenceRelease.objects.get()
    gone = send(
        client_for(ben), at(cast, f"intelligence/releases/{given.pk}/recall/"), reason="Over."
    )
    assert gone.status_code == 302
    for tab in ("intelligence/", "intelligence/?as_at=2026-03-09"):
        assert nothing in page_of(client_for(chloe), cast.shared, tab)


def test_a_log_is_corrected_and_withdrawn_on_the_page(
    cast: Cast, ben: User, client_for: ClientFor
) -> None:
    log = a_log(cast, handling="C")
    browser, correct = client_for(ben), at(cast, "intelligence/1/correct/")
    stale = browser.get(correct)
    assert typed(stale)["conditions"] == "Ask us first."
    assert send(browser, correct, suspect="nobody", reason="x").status_code == 422
    assert send(browser, correct, reason="Nothing changed").status_code == 422
    assert send(browser, correct, text="Seen at home.", reason="Misheard.").status_code == 302
    page = page_of(browser, cast.shared, "intelligence/")
    assert "Seen at home." in page
    assert "Corrected: Misheard." in page
    behind = browser.post(correct, typed(stale, text="Other words.", reason="x"))
    assert behind.status_code == 409
    away = at(cast, "intelligence/1/withdraw/")
    late = browser.get(away)
    assert send(browser, away, reason="Wrong child.").status_code == 302
    assert browser.post(away, typed(late, reason="Again.")).status_code == 409
    assert "no intelligence to read" in page_of(browser, cast.shared, "intelligence/")
    then = log.known_from.isoformat().replace("+00:00", "Z")
    past = page_of(browser, cast.shared, f"intelligence/?as_at=2026-03-09&known_at={then}")
    assert "Seen in town." in unescape(past)
    assert (
        "/correct/" not in browser.get(at(cast, f"intelligence/?known_at={then}")).content.decode()
    )


def test_many_logs_take_no_more_queries_than_one(
    cast: Cast, ben: User, client_for: ClientFor
) -> None:
    browser, counts = client_for(ben), []
    for number in (1, 29):
        for _index in range(number):
            let_out(cast, a_log(cast), "health")
        browser.get(at(cast, "intelligence/"))
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(at(cast, "intelligence/")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"text": " "}, "text"), ({"text": "x" * 5001}, "text"), ({"evaluation": "4"}, "evaluation"),
        ({"assessment": "F"}, "assessment"), ({"handling": "X"}, "handling"),
        ({"handling": "C"}, "conditions"), ({"conditions": "x" * 501}, "conditions"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_log_names_its_field(words: dict[str, Any], field: str) -> None:
    problem = problem_with(logged(**words), now=timezone.now())
    assert problem
    assert problem.field == field


def test_a_log_is_of_no_day_to_come_and_of_a_suspect_of_the_hub(cast: Cast, ben: User) -> None:
    ahead = Logged(timezone.localdate() + timedelta(days=1), "Words", "1", "A", "P")
    elsewhere = Suspect.objects.create(partnership=cast.kirklees, reference="S-1")
    for said, suspect, field in ((ahead, None, "happened_on"), (logged(), elsewhere, "suspect")):
        with pytest.raises(RuleBroken) as error:
            log_intelligence(child=cast.shared.child, logged=said, suspect=suspect, by=ben)
        assert error.value.field == field
    assert not IntelligenceLog.objects.exists()


def test_a_release_has_a_reason_and_conditions_and_is_given_once(cast: Cast) -> None:
    for because, conditions, field in (
        ("", "x", "because"), ("x", "", "conditions"), ("x", "x" * 501, "conditions"),
    ):  # fmt: skip
        problem = problem_with_release(because, conditions)
        assert problem
        assert problem.field == field
    log = a_log(cast)
    let_out(cast, log, "health")
    with pytest.raises(RuleBroken, match="already"):
        let_out(cast, log, "health")
    agency = Agency.objects.get(partnership=cast.bradford, code="police")
    with pytest.raises(RuleBroken):
        release(log=log, agency=agency, because="", conditions="x", by=cast.people["ben"])
