"""The lists of several pages, and what fills each with more than a page: every list is named here."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import working_day_before
from partners.agencies.models import Agency, Post
from partners.machines.models import MachineToken
from partners.staffing.models import Absence
from referrals.checks.models import AgencyCheck
from referrals.children.models import Child
from referrals.disagreements.models import Disagreement
from referrals.disclosures.models import Disclosure
from referrals.emergencies.models import EmergencyAccess, EmergencyReview
from referrals.episodes.models import Episode
from referrals.identities.models import Identification
from referrals.intake.actions import send_link
from referrals.intake.models import Referral
from referrals.joinings.models import Joining
from referrals.vigilance.models import UnusualAccess
from risk.agenda.rules import day_of
from risk.meetings.models import Meeting, MeetingTask
from risk.proposals.models import Proposal
from tests.cast import BEGAN, NOW, Cast
from tests.hub.rows import any_row
from tests.make import (
    make_caseload,
    make_child,
    make_episode,
    make_note,
    make_referral,
    make_review,
    refer_to_service,
)
from tests.reporting.importing import JODIE
from tests.reporting.test_appendix1_page import QUERY, a_year_of
from tests.reporting.test_imports_apart import make_conflict
from tests.reporting.uploading import received, work, zipped

# --- the lists themselves ------------------------------------------------------------------------

Fill = Callable[[Cast, Client, Path], str]


def caseload(cast: Cast, client: Client, folder: Path) -> str:
    """Thirty open episodes, 25 on a page."""
    make_caseload(partnership=cast.bradford, number=30, by=cast.people["amira"])
    return reverse("referrals-caseload") + "?size=25&"


def joined(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty records that are joined to one."""
    for _ in range(60):
        other = make_child(partnership=cast.bradford, by=cast.people["amira"])
        Joining.objects.create(
            child=other,
            kept=cast.shared.child,
            partnership=cast.bradford,
            known_from=NOW,
            recorded_by=cast.people["amira"],
        )
    return reverse("referrals-joinings") + "?"


def search(cast: Cast, client: Client, folder: Path) -> str:
    """Thirty children of one name."""
    for index in range(30):
        child = make_child(
            partnership=cast.bradford, by=cast.people["amira"], surname=f"Brightmore{index:02}"
        )
        make_episode(child=child, by=cast.people["amira"])
    return str(client.post("/search/", {"text": "brightmore"})["Location"]) + "?"


def timeline(cast: Cast, client: Client, folder: Path) -> str:
    """A child with many events."""
    episode: Episode = cast.shared
    for index in range(60):
        day = episode.referred_on + timedelta(index)
        make_review(episode=episode, due_on=day, by=cast.people["amira"])
    return reverse("risk-child-timeline", args=[episode.child_id]) + "?"


def figure(cast: Cast, client: Client, folder: Path) -> str:
    """More cases behind a figure than a page holds."""
    a_year_of(cast, 60)
    asked = "&".join(f"{name}={value}" for name, value in QUERY.items())
    return f"{reverse('appendix1-figure')}?{asked}&figure=strategic.new&"


def imports(cast: Cast, client: Client, folder: Path) -> str:
    """Thirty uploads."""
    for _ in range(30):
        received(b"a", cast.people["ana"], cast.bradford)
    return reverse("reporting-imports") + "?"


def conflicts(cast: Cast, client: Client, folder: Path) -> str:
    """Thirty conflicts that wait."""
    for number in range(30):
        make_conflict(cast, NOW, number)
    return reverse("reporting-conflicts") + "?"


def faults(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty faults of one file."""
    bad = [{**JODIE, "child_id": f"B{n}", "gender": "Q"} for n in range(60)]
    upload = work(received(zipped(folder, children=bad), cast.people["ana"], cast.bradford))
    return reverse("reporting-import-faults", args=[upload.pk]) + "?"


def trail(cast: Cast, client: Client, folder: Path) -> str:
    """More views of one child than a page holds."""
    for _ in range(110):
        record(
            event="child.viewed",
            verb=Verb.CONSULTATION,
            what="child",
            reference="C-9412",
            at=NOW,
            by=cast.people["amira"],
        )
    asked = dict.fromkeys(("person", "agency", "verb", "from_day", "to_day"), "")
    answer = client.post(reverse("hub-trail"), {**asked, "reference": "C-9412"})
    return answer["Location"] + "?"


def looks(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty looks at one child."""
    child = cast.shared.child
    for _ in range(60):
        record(
            event="child.viewed",
            verb=Verb.CONSULTATION,
            what="child",
            reference=child.reference,
            at=timezone.now(),
            by=cast.people["amira"],
        )
    return reverse("risk-child-looked", args=[child.pk]) + "?"


def emergencies(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty that await their review."""
    for _ in range(60):
        any_row(EmergencyAccess, cast.bradford)
    return reverse("referrals-emergency-reviews") + "?"


def emergencies_closed(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty that were reviewed."""
    for _ in range(60):
        any_row(EmergencyReview, cast.bradford)
    return reverse("referrals-emergency-reviews") + "?show=closed&"


def findings(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty that await their review."""
    finding = any_row(UnusualAccess, cast.bradford)
    for number in range(60):
        finding.pk, finding.record = None, f"C-{number}"
        finding.save(force_insert=True)
    return reverse("referrals-findings") + "?"


def identifications(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty that await their review."""
    for _ in range(60):
        any_row(Identification, cast.bradford)
    return reverse("referrals-identifications") + "?"


def our_notes(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty notes that chloe wrote."""
    for _ in range(60):
        make_note(child=cast.shared.child, by=cast.people["chloe"])
    return reverse("referrals-our-notes") + "?"


def disclosures(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty things that left."""
    for _ in range(60):
        any_row(Disclosure, cast.bradford)
    return reverse("referrals-disclosures") + "?"


def disclosures_of_a_child(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty things that left about one child."""
    for _ in range(60):
        any_row(Disclosure, cast.bradford, {Child: cast.shared.child})
    return reverse("risk-child-disclosures", args=[cast.shared.child_id]) + "?"


def referrals(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty referrals that wait."""
    for _ in range(60):
        any_row(Referral, cast.bradford)
    return reverse("referrals-waiting") + "?"


def referrals_sent(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty referrals that chloe sent."""
    for _ in range(60):
        make_referral(partnership=cast.bradford, by=cast.people["chloe"])
    return reverse("referrals-mine") + "?"


def tokens(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty tokens of one machine."""
    token = any_row(MachineToken, cast.bradford, {Post: Post.objects.get(user=cast.people["sid"])})
    for number in range(60):
        token.pk, token.digest = None, f"{number}"
        token.save(force_insert=True)
    return reverse("partners-machines") + "?"


def _sixty_posts(cast: Cast) -> None:
    police = Agency.objects.get(partnership=cast.bradford, code="police")
    users = [User(username=f"pc{n}", name=f"Pc {n}", password="!") for n in range(60)]
    made = User.objects.bulk_create(users)
    Post.objects.bulk_create(
        Post(user=user, agency=police, role="police_officer", starts_on=BEGAN) for user in made
    )


def posts(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty colleagues more."""
    _sixty_posts(cast)
    return reverse("partners-people") + "?"


def posts_to_confirm(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty posts that nobody has confirmed."""
    _sixty_posts(cast)
    return reverse("partners-people-confirm") + "?"


def shown_to_a_colleague(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty children shared with chloe's service."""
    by = cast.people["amira"]
    for index in range(60):
        child = make_child(partnership=cast.bradford, by=by, surname=f"Brightmore{index:02}")
        refer_to_service(episode=make_episode(child=child, by=by), service="northlight", by=by)
    return reverse("referrals-granted-person", args=[cast.people["chloe"].pk]) + "?"


def of_meetings(model: type[Model], address: str) -> Fill:
    """Thirty rows of what meetings keep, of an agency of dev's."""

    def fill(cast: Cast, client: Client, folder: Path) -> str:
        agency = Agency.objects.get(partnership=cast.bradford, code="social-care")
        leaning: dict[type[Model], Model] = {Agency: agency}
        for _ in range(30):
            any_row(model, cast.bradford, leaning)
        MeetingTask.objects.update(done_at=None, done_by=None, came_of_it="")
        return reverse(address) + "?"

    return fill


meetings_held = of_meetings(Meeting, "risk-meetings")
owed = of_meetings(MeetingTask, "risk-my-work")
disagreements = of_meetings(Disagreement, "referrals-disagreements")
waiting_for_the_panel = of_meetings(Proposal, "risk-proposals")


def team(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty people who lead a case each."""
    for index, episode in enumerate(_sixty_children(cast)):
        Episode.objects.filter(pk=episode.pk).update(lead_worker=f"Worker {index:02}")
    return reverse("risk-team") + "?"


def absences(cast: Cast, client: Client, folder: Path) -> str:
    """Thirty absences to come."""
    away, cover = cast.people["amira"], cast.people["dev"]
    agency = Agency.objects.get(partnership=cast.bradford, code="social-care")
    day = timezone.localdate() + timedelta(days=1)
    for _ in range(30):
        Absence.objects.create(
            partnership=cast.bradford, agency=agency, user=away, cover=cover, starts_on=day, ends_on=day,
            entered_at=timezone.now(), entered_by=away,
        )  # fmt: skip
    return reverse("partners-absences") + "?"


def _sixty_children(cast: Cast) -> list[Episode]:
    by = cast.people["amira"]
    children = [make_child(partnership=cast.bradford, by=by) for _each in range(60)]
    return [make_episode(child=child, by=by) for child in children]


def checks(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty checks that one agency answered."""
    social_care = Agency.objects.get(partnership=cast.bradford, code="social-care")
    for episode in _sixty_children(cast):
        known = {Child: episode.child, Episode: episode, Agency: social_care}
        check = any_row(AgencyCheck, cast.bradford, known)
        assert check.answered_at is None
    AgencyCheck.objects.update(answered_at=timezone.now())
    return reverse("referrals-checks-answered") + "?"


def agenda(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty children of whom nobody has decided."""
    _sixty_children(cast)
    return reverse("risk-agenda") + "?"


def past_days_list(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty children of whom nobody has decided, on the list of the day before."""
    _sixty_children(cast)
    day = working_day_before(day_of(timezone.now()))
    return reverse("risk-meeting-day", args=[day.isoformat()]) + "?"


def repeats(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty children who were referred twice."""
    for episode in _sixty_children(cast):
        make_episode(child=episode.child, by=cast.people["amira"])
    return reverse("risk-repeats") + "?"


def links_sent(cast: Cast, client: Client, folder: Path) -> str:
    """Sixty one-time links, 50 on a page."""
    for index in range(60):
        send_link(
            partnership=cast.bradford,
            email=f"t{index}@school.example",
            now=timezone.now(),
            by=cast.people["amira"],
        )
    return reverse("referrals-links") + "?"


# The analyst opens all of them but these.
OF_OTHERS: dict[Fill, str] = {
    posts: "sid", posts_to_confirm: "sid", shown_to_a_colleague: "dev",
    disclosures_of_a_child: "dev", caseload: "dev", search: "dev", timeline: "dev",
    meetings_held: "dev", owed: "dev", disagreements: "dev", team: "dev", absences: "dev",
    waiting_for_the_panel: "dev",
    trail: "otto", emergencies: "otto", emergencies_closed: "otto", findings: "otto",
    identifications: "otto", our_notes: "chloe",
    disclosures: "otto", looks: "dev", tokens: "sid", referrals: "dev", referrals_sent: "chloe",
    links_sent: "amira", checks: "dev", agenda: "dev", past_days_list: "dev", repeats: "dev", joined: "dev",
}  # fmt: skip

LISTS: dict[str, tuple[Fill, ...]] = {
    "hub/trail/views.py": (trail,),
    "partners/machines/views.py": (tokens,),
    "partners/people/views/confirming.py": (posts_to_confirm,),
    "partners/people/views/lists.py": (posts,),
    "referrals/granted/views.py": (shown_to_a_colleague,),
    "referrals/caseload/views.py": (caseload,),
    "referrals/search/views.py": (search,),
    "referrals/oversight/views.py": (emergencies, emergencies_closed, findings, identifications),
    "referrals/notes/views.py": (our_notes,),
    "referrals/disclosures/views.py": (disclosures,),
    "referrals/joinings/views.py": (joined,),
    "referrals/checks/views.py": (checks,),
    "risk/agenda/views.py": (agenda,),
    "risk/meetings/views/days.py": (past_days_list,),
    "risk/repeats/views.py": (repeats,),
    "referrals/intake/views/listing.py": (referrals,),
    "referrals/intake/views/links.py": (links_sent,),
    "referrals/intake/views/making.py": (referrals_sent,),
    "risk/meetings/views/listing.py": (meetings_held,),
    "risk/owed/views.py": (owed,),
    "referrals/disagreements/views.py": (disagreements,),
    "risk/team/views.py": (team,),
    "partners/staffing/views.py": (absences,),
    "risk/proposals/views.py": (waiting_for_the_panel,),
    "risk/casefile/views/who_looked.py": (looks,),
    "risk/casefile/views/disclosures.py": (disclosures_of_a_child,),
    "risk/casefile/views/timeline.py": (timeline,),
    "reporting/appendix1/views/figure.py": (figure,),
    "reporting/imports/views/__init__.py": (imports, conflicts),
    "reporting/imports/views/pages.py": (faults,),
}
