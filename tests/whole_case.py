"""Cases with a row of every kind, for stories about who sees which table."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from hub.access.rules import Role
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.days.rules import london_date
from hub.facts.models import FactSource
from partners.agencies.models import Agency
from referrals.checks.models import CheckReminder
from referrals.children.models import Alias, CareStatus, Child
from referrals.disagreements.models import Disagreement
from referrals.disclosures.actions import log_disclosure, log_report, recall_disclosure
from referrals.disclosures.rules import Told
from referrals.emergencies.actions import end_emergency, open_in_emergency, review_emergency
from referrals.emergencies.models import EmergencyAccess
from referrals.emergencies.rules import Asked
from referrals.episodes.models import Episode
from referrals.grants.actions import lift, restrict
from referrals.identities.actions import review_identification
from referrals.identities.models import Identification
from referrals.identities.rules import LASTS
from referrals.intake.actions import amend_referral, join_referral, tell_referrer
from referrals.intake.models import Referral, ReferralLink
from referrals.joinings.actions import join_records, take_apart
from referrals.notes.actions import correct_note, withdraw_note
from referrals.notes.rules import Written
from referrals.support.models import ServiceReferral
from referrals.vigilance.models import UnusualAccess, UnusualAccessReview
from reporting.disclosure.models import Release
from reporting.extracts.models import ImportConflict
from reporting.imports.models import ConflictSettlement, ExtractUpload
from risk.agenda.models import PutForward
from risk.crimes.models import Crime, CrimeFact, CrimeOutcome
from risk.intelligence.models import IntelligenceLog, IntelligenceRelease
from risk.meetings.models import Attendance, MeetingDecision, MeetingTask
from risk.places.models import PlaceForward
from risk.proposals.models import AgencyView
from risk.suspects.models import (
    CrimeSuspect,
    OccurrenceFact,
    Suspect,
    SuspectDetails,
    SuspectLevel,
    SuspectOccurrence,
)
from risk.tools.models import Tool, ToolVersion
from tests.cast import Cast
from tests.hub.rows import any_row
from tests.make import (
    CONCERN,
    allocate,
    make_address,
    make_asked_of_others,
    make_checks,
    make_child,
    make_missing,
    make_note,
    make_person_to_call,
    make_referral,
    make_review,
    refer_to_service,
    set_level,
)

DAY = date(2026, 3, 9)
WRITERS = {"bradford": "amira", "kirklees": "erin"}
HURRIED = {"bradford": "nora", "kirklees": "erin"}  # who opened a record in an emergency
# Rows that hang on no case of the cast: one in each district.
OF_A_DISTRICT = (
    *(Crime, CrimeFact, CrimeOutcome, CrimeSuspect, Suspect, SuspectDetails),
    *(SuspectOccurrence, OccurrenceFact, SuspectLevel),
    *(ImportConflict, ExtractUpload, ConflictSettlement),
    *(UnusualAccess, UnusualAccessReview, Attendance, PutForward, PlaceForward, CheckReminder),
    *(ReferralLink, Tool, ToolVersion),
)
# What meetings keep of a case.
OF_MEETINGS = (AgencyView, MeetingDecision, MeetingTask)
IN_A_ROW = (*OF_MEETINGS, Disagreement)


def make_whole_case(cast: Cast) -> None:
    """Give each of the cast's three cases a row of every kind, and each district those that hang on none."""
    for episode in (cast.shared, cast.unshared, cast.elsewhere):
        code = episode.partnership.code
        by = cast.people[WRITERS[code]]
        fill_case(episode, by, cast.people[HURRIED[code]])
        note_of_each_marking(episode.child, by)
        intelligence_of_each_handling(episode.child, by)
    for seen_by in ("hub", "own"):
        make_note(
            child=cast.shared.child, by=cast.people["chloe"], seen_by=seen_by, text="Came to us."
        )
    make_of_districts(cast)


def make_of_districts(cast: Cast) -> None:
    """What hangs on no case of the cast, in each district."""
    for partnership in (cast.bradford, cast.kirklees):
        for model in OF_A_DISTRICT:
            any_row(model, partnership)
        report = Told("appendix1", "The full report, pdf", "Its maker", "public_task", DAY)
        log_report(
            partnership=partnership,
            reference="a year",
            told=report,
            now=timezone.now(),
            by=operator(),
        )
        FactSource.objects.create(
            partnership_code=partnership.code,
            label="extract",
            published_at=datetime(2026, 3, 2, tzinfo=UTC),
            first=True,
            by=operator(),
        )
    sent = make_referral(partnership=cast.bradford, by=cast.people["chloe"])
    any_row(PlaceForward, cast.bradford, {Referral: sent})
    make_referral(partnership=cast.bradford, by=cast.people["ben"])
    for codes in (["bradford"], ["kirklees"], ["bradford", "kirklees"]):
        _release(codes)


def fill_case(episode: Episode, by: User, hurried: User | None = None) -> None:
    """A row of every kind that hangs on a case; `hurried` opens it in an emergency."""
    child = episode.child
    set_level(episode=episode, level="HIGH", by=by, set_on=DAY)
    make_review(episode=episode, due_on=DAY + timedelta(days=28), by=by)
    allocate(episode=episode, worker=by, by=by)
    make_address(child=child, by=by, from_date=DAY)
    make_address(child=child, by=by, from_date=DAY + timedelta(days=1), confidential=True)
    make_missing(child=child, by=by, start=datetime(2026, 3, 9, 22, tzinfo=UTC))
    make_note(child=child, by=by, episode=episode)
    make_person_to_call(child=child, by=by)
    make_checks(episode=episode, by=by)
    make_asked_of_others(episode=episode, by=by)
    _disclosed(child, by)
    _identified(child, by)
    _referred(episode, by)
    refer_to_service(
        episode=episode, service="larkfield", by=by, outcome=ServiceReferral.Outcome.DECLINED
    )
    told = {
        "child": child,
        "partnership": child.partnership,
        "known_from": datetime(2026, 3, 9, 12, tzinfo=UTC),
        "recorded_by": by,
    }
    Alias.objects.create(name="Known otherwise", **told)
    _restrict_for_a_while(child, hurried)
    _joined_once(child, by)
    CareStatus.objects.create(status="CIN", from_date=DAY, **told)
    for model in IN_A_ROW:
        any_row(model, child.partnership, {Child: child, Episode: episode})
    _disagreements_of_charities(episode)


def _disagreements_of_charities(episode: Episode) -> None:
    """Raised from outside by each, and one that the hub has with one: a charity reads its own alone."""
    charities = Agency.objects.filter(partnership=episode.partnership, kind=Agency.Kind.CHARITY)
    for number, charity in enumerate(charities.order_by("code"), 1):
        for outside in (True, False):
            Disagreement.objects.create(
                partnership=episode.partnership, child=episode.child, episode=episode, number=0,
                issue="He was seen.", raised_by=charity, against=charity, level=number, due_on=DAY,
                outside=outside, known_from=datetime(2026, 3, 9, 12, tzinfo=UTC), recorded_by=operator(),
            )  # fmt: skip


def note_of_each_marking(child: Child, by: User) -> None:
    """Notes for everybody, for one other agency, for the own; one that was narrowed, and one withdrawn."""
    police = Agency.objects.filter(partnership=child.partnership, code__in=["police", "northlight"])
    named = {"seen_by": "named", "for_agencies": tuple(police.values_list("pk", flat=True))}
    for marking in ({"seen_by": "everybody"}, {"seen_by": "own"}, named):
        if marking is not named or police:
            make_note(child=child, by=by, **marking)
    narrowed, gone = (make_note(child=child, by=by, seen_by="everybody") for _each in range(2))
    words = Written(DAY, "Narrowed.", seen_by="own")
    correct_note(note=narrowed, episode=None, written=words, reason="Asked.", by=by)
    withdraw_note(note=gone, reason="Wrong child.", by=by)


def intelligence_of_each_handling(child: Child, by: User) -> None:
    """Logs of both codes; one released to each agency, one recalled, one corrected. By nobody of the cast."""
    told: dict[str, Any] = {
        "child": child, "partnership": child.partnership, "happened_on": DAY, "text": "Seen in town.",
        "evaluation": "2", "assessment": "B", "recorded_by": by,
        "known_from": datetime(2026, 3, 9, 12, tzinfo=UTC),
    }  # fmt: skip
    ended = {"superseded_at": datetime(2026, 3, 10, tzinfo=UTC), "superseded_by": by}
    logs = [
        IntelligenceLog.objects.create(
            position=number, handling=code, conditions="Ask us.", **told, **end
        )
        for number, (code, end) in enumerate(
            (("P", {}), ("P", ended), ("C", {}), ("C", {}), ("C", ended))
        )
    ]
    for log, end in ((logs[3], {}), (logs[4], {}), (logs[2], ended)):
        for agency in Agency.objects.filter(partnership=child.partnership):
            IntelligenceRelease.objects.create(
                log=log, child=child, partnership=child.partnership, agency=agency, because="Safety plan.",
                conditions="Ask us.", recorded_by=by, known_from=told["known_from"], **end,
            )  # fmt: skip


def _disclosed(child: Child, by: User) -> None:
    """Something told about the child, and asked for back."""
    told = Told(
        "telephone", "That the child is safe.", "The school", "inquiry", DAY, "Not passed on"
    )
    row = log_disclosure(child=child, told=told, by=by)
    recall_disclosure(disclosure=row, reason="Wrong school.", answer="waiting", by=by)


def _referred(episode: Episode, by: User) -> None:
    """A referral that was amended, put to the child, and of which its referrer was told."""
    referral = make_referral(partnership=episode.partnership, by=by)
    said = replace(CONCERN, since="Since spring")
    amend_referral(referral=referral, concern=said, seen=1, reason="More is known.", by=by)
    join_referral(referral=referral, child=episode.child, episode=episode, by=by)
    today = london_date(timezone.now())
    tell_referrer(referral=referral, words="We look at it.", how="email", told_on=today, by=by)


def _identified(child: Child, by: User) -> None:
    """That the analyst saw once who the child is; in a district that has none, somebody of the hub."""
    analysts = User.objects.filter(posts__agency__partnership=child.partnership_id)
    moment = datetime(2026, 3, 9, 12, tzinfo=UTC)
    opened = Identification.objects.create(
        child=child,
        partnership=child.partnership,
        person=analysts.filter(posts__role=Role.INTELLIGENCE_OFFICER).first() or by,
        because="To check a figure.",
        starts_at=moment,
        ends_at=moment + LASTS,
    )
    words = "A figure was checked."
    review_identification(access=opened, outcome="justified", words=words, by=operator())


def _joined_once(child: Child, by: User) -> None:
    """That it was joined to another record, and taken apart again."""
    others = Child.objects.filter(partnership=child.partnership).exclude(pk=child.pk)
    other = others.order_by("pk").first() or make_child(partnership=child.partnership, by=by)
    fact = join_records(child=child, kept=other, reason="Entered twice.", by=by)
    take_apart(fact=fact, reason="Two children.", by=by)


def _restrict_for_a_while(child: Child, hurried: User | None) -> None:
    """A restriction that was lifted, the grants by name that it left, and an emergency meanwhile."""
    fact = restrict(child=child, because="Confidential in social care.", by=operator())
    if hurried:
        _open_in_a_hurry(child, hurried)
    lift(fact=fact, reason="No longer confidential.", by=operator())


def _open_in_a_hurry(child: Child, by: User) -> None:
    """An emergency that was ended and reviewed."""
    asked = Asked("Seen with an adult nobody knows.", 1, reference=child.reference)
    answer = open_in_emergency(asked=asked, by=by)
    emergency = EmergencyAccess.objects.get(pk=answer.number)
    if emergency.grant:  # the lead worker is named, and needs none
        end_emergency(emergency=emergency, by=by)
    review_emergency(access=emergency, outcome="justified", words="It was so.", by=operator())


def _release(codes: list[str]) -> None:
    Release.objects.create(
        partnerships=codes,
        parameters={},
        published={},
        covers_from=DAY,
        covers_to=DAY,
        made_at=datetime(2026, 3, 9, tzinfo=UTC),
        made_by=operator(),
    )
