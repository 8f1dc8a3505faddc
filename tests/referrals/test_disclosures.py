"""What left the hub is logged by whoever lets it out, asked for back, and read by those who answer for it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from hub.audit.models import AuditEvent
from hub.errors import NotAllowed, RuleBroken
from referrals.disclosures.actions import log_disclosure, recall_disclosure
from referrals.disclosures.models import Disclosure, DisclosureRecall
from referrals.disclosures.rules import BY_HAND, Told, problem_with, recall_problem
from referrals.grants.actions import restrict
from risk.casefile.rules import looking_at
from risk.printing.actions import disclose
from tests.cast import Cast, ClientFor
from tests.recording import typed
from tests.test_second_wall import seeing_as

TODAY = timezone.localdate()
TOLD = Told("telephone", "That she is safe.", "Ms Hall, the school", "inquiry", TODAY)


def test_an_entry_says_how_what_to_whom_by_which_law_and_no_day_to_come() -> None:
    assert problem_with(TOLD, today=TODAY) is None
    wrong = {"kind": "sheet", "what": " ", "recipient": "", "basis": "consent"}
    for field, value in {**wrong, "disclosed_on": TODAY + timedelta(days=1)}.items():
        problem = problem_with(Told(**{**vars(TOLD), field: value}), today=TODAY)
        assert problem is not None
        assert problem.field == field
    assert "sheet" not in BY_HAND


@pytest.mark.parametrize(
    ("reason", "answer", "last", "field"),
    [("", "waiting", "", "reason"), ("Wrong.", "lost", "", "answer"),
     ("Wrong.", "refused", "returned", "answer"), ("Wrong.", "refused", "destroyed", "answer")],
)  # fmt: skip
def test_what_is_back_is_not_asked_for_again(
    reason: str, answer: str, last: str, field: str
) -> None:
    problem = recall_problem(reason, answer, last)
    assert problem is not None
    assert problem.field == field
    assert recall_problem("Wrong.", "returned", "refused") is None


def test_what_was_told_is_entered_asked_for_back_and_read_by_manager_and_auditor(
    cast: Cast, client_for: ClientFor
) -> None:
    child = cast.shared.child
    amira, otto = client_for(cast.people["amira"]), client_for(cast.people["otto"])
    at = f"/children/{child.pk}/disclosures/"
    answers = {**vars(TOLD), "disclosed_on": "today", "conditions": "Not to be passed on"}
    sent = typed(amira.get(f"{at}new/"), **answers)
    page = amira.post(f"{at}new/", sent, follow=True).content.decode()
    for words in ("That she is safe.", "Not to be passed on", "Children Act 1989 s. 47"):
        assert words in page
    row = Disclosure.objects.get()
    back = f"{at}{row.pk}/recall/"
    for answer in ("waiting", "destroyed"):
        sent = typed(amira.get(back), reason="Wrong school.", answer=answer)
        assert amira.post(back, sent).status_code == 302
    assert [recall.answer for recall in row.recalls.order_by("pk")] == ["waiting", "destroyed"]
    assert "Destroyed" in amira.get(at).content.decode()
    assert back not in amira.get(at).content.decode()
    log = otto.get("/disclosures/").content.decode()
    assert child.reference in log
    assert "Ms Hall, the school" in log
    assert "That she is safe." not in log
    assert at not in log
    events = AuditEvent.objects.filter(reference=child.reference, event__startswith="disclosure.")
    assert [event.verb for event in events.order_by("pk")] == [
        "disclosure", "alteration", "alteration",
    ]  # fmt: skip


def test_a_printed_sheet_and_a_downloaded_report_are_logged_with_their_event(
    cast: Cast, client_for: ClientFor
) -> None:
    now, chloe, dev = timezone.now(), cast.people["chloe"], cast.people["dev"]
    printed = {"part": "all", "purpose": "court", "words": "", "recipient": "The court"}
    looking = looking_at(now=now, whole=False)
    with seeing_as(chloe):
        disclose(child=cast.shared.child, looking=looking, **printed, now=now, by=chloe)
    sheet = Disclosure.objects.get()
    assert (sheet.kind, sheet.basis, sheet.recipient) == ("sheet", "court", "The court")
    assert "Court proceedings" in sheet.what
    asked = "from=2025-04-01&to=2026-03-31&form=full&format=json"
    answer = client_for(dev).get(f"/reports/appendix1/download/?{asked}")
    assert answer.status_code == 200
    report = Disclosure.objects.get(child=None)
    assert (report.kind, report.recorded_by) == ("appendix1", dev)
    assert not Disclosure.objects.visible_to(cast.people["amira"]).filter(child=None)
    manager = client_for(dev).get("/disclosures/").content.decode()
    assert report.reference in manager
    assert "The court" in manager


def test_who_may_not_enters_nothing_hidden_is_absent_and_nobody_changes_a_row(cast: Cast) -> None:
    child, amira = cast.shared.child, cast.people["amira"]
    for name in ("ana", "chloe", "erin"):
        with pytest.raises(NotAllowed):
            log_disclosure(child=child, told=TOLD, by=cast.people[name])
    row = log_disclosure(child=child, told=TOLD, by=amira)
    recall_disclosure(disclosure=row, reason="Wrong.", answer="returned", by=amira)
    with pytest.raises(RuleBroken):
        recall_disclosure(disclosure=row, reason="Wrong.", answer="waiting", by=amira)
    for model in (Disclosure, DisclosureRecall):
        with pytest.raises(DatabaseError), transaction.atomic():
            model._default_manager.update(recorded_by=cast.people["dev"])
    restrict(child=child, because="Confidential.", by=cast.people["dev"])
    assert not Disclosure.objects.visible_to(amira)
    assert Disclosure.objects.visible_to(cast.people["dev"]).get() == row
    assert Disclosure.objects.visible_to(cast.people["otto"]).get() == row
