"""Writing a note about a child, correcting one, withdrawing one."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hub.access.gate import standing_of
from hub.accounts.http import signed_in
from hub.days.rules import LONDON, london_date
from hub.errors import Conflict
from hub.facts.actions import MEANWHILE
from hub.recording.http import Sheet, Stored, record_by_form
from partners.agencies.models import Agency
from referrals.episodes.models import Episode
from referrals.notes.actions import correct_note, require_own, withdraw_note, write_note
from referrals.notes.forms import CorrectNoteForm, NoteForm, WithdrawNoteForm
from referrals.notes.models import Note
from referrals.notes.rules import HUB, right_to_write, title_of
from risk.casefile.views.opening import OpenCase, open_case
from risk.casefile.views.reading import Case

MARKING = ("seen_by", "for_agencies", "conditions", "source_protected")
LIKE_THE_NOTE = ("text", "own_words", "kind", "with_whom", "happened_on", *MARKING)
WIDE = "children/record_note.html"
GOING = (
    "This takes a note off the child's page for good: it is for a note about the wrong child. "
    "Where only something in it is wrong, correct it instead. It reads"
)


@require_http_methods(["GET", "HEAD", "POST"])
def new_note(request: HttpRequest, child_id: int) -> HttpResponse:
    """Write a note: of today, and of the one open episode, unless the person says otherwise."""
    opened = _open(request, child_id, "Add a note")

    def act(form: NoteForm) -> str:
        episode = _episode(opened, form)
        # A note on an episode stands on that episode's record: they are taken apart together.
        child = opened.case.record_with(episode.pk) if episode else opened.child
        note = write_note(child=child, episode=episode, written=form.written, by=opened.user)
        return _place_of(note)

    return record_by_form(
        request,
        form=partial(NoteForm, episodes=_episodes(opened.case), agencies=agencies_besides(opened)),
        sheet=_sheet(opened, "Add a note", "Save note", "The note is saved.", template=WIDE),
        stored=lambda: Stored(_blank(opened)),
        act=act,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Correct a note of one's own agency: its old version stays readable."""
    opened = _open(request, child_id, "Correct a note")
    require_own(opened.user, _look_for(opened, number))

    def act(form: CorrectNoteForm) -> str:
        new = correct_note(
            note=_standing(opened, number),
            episode=_episode(opened, form),
            written=form.written,
            reason=form.cleaned_data["reason"],
            by=opened.user,
        )
        return _place_of(new)

    return record_by_form(
        request,
        form=partial(
            CorrectNoteForm, episodes=_episodes(opened.case), agencies=agencies_besides(opened)
        ),
        sheet=_sheet(opened, "Correct a note", "Save correction", "Corrected.", template=WIDE),
        stored=lambda: _stored(opened, number),
        act=act,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, child_id: int, number: int) -> HttpResponse:
    """Withdraw a note about the wrong child."""
    opened = _open(request, child_id, "Withdraw a note")
    note = _look_for(opened, number)
    require_own(opened.user, note)

    def act(form: WithdrawNoteForm) -> str:
        reason = form.cleaned_data["reason"]
        withdraw_note(note=_standing(opened, number), reason=reason, by=opened.user)
        return _all_notes(note)

    lead = f"{GOING}: “{note.text or note.own_words}”"
    return record_by_form(
        request,
        form=WithdrawNoteForm,
        sheet=_sheet(opened, _heading(note), "Withdraw note", "The note is withdrawn.", lead=lead),
        stored=lambda: _stored(opened, number),
        act=act,
    )


def _open(request: HttpRequest, child_id: int, title: str) -> OpenCase:
    right = right_to_write(standing_of(signed_in(request)))
    return open_case(request, child_id, needs=right, title=title)


def _sheet(opened: OpenCase, heading: str, button: str, done: str, **more: str) -> Sheet:
    return Sheet(
        title=opened.frame.title,
        heading=heading,
        button=button,
        back=opened.frame.here,
        done=done,
        context={"frame": opened.frame},
        **{"template": "children/record.html", **more},
    )


def _heading(note: Note) -> str:
    day = note.happened_on
    return f"Withdraw: {title_of(note.kind, note.with_whom)}, {day.day} {day:%B %Y}"


def _all_notes(note: Note) -> str:
    return f"{reverse('risk-child-timeline', args=[note.child_id])}?kind=notes"


def _place_of(note: Note) -> str:
    return f"{_all_notes(note)}&note={note.position}#note-{note.position}"


def _episodes(case: Case) -> list[tuple[str, str]]:
    return [
        (f"{one.fact.episode_id}", f"{one.reference}{', closed' if one.closed_on else ''}")
        for one in case.episodes
    ]


def agencies_besides(opened: OpenCase) -> list[tuple[str, str]]:
    """Give the partnership's agencies; that one's own sees what it writes goes without saying."""
    standing = standing_of(opened.user)
    rows = Agency.objects.visible_to(opened.user).filter(partnership=opened.child.partnership_id)
    own = standing.agency_id if standing else None
    named = rows.order_by("name").values_list("pk", "name")
    return [(f"{number}", name) for number, name in named if number != own]


def _episode(opened: OpenCase, form: NoteForm) -> Episode | None:
    """Find the chosen one among the episodes of the case: the form offered no other."""
    chosen = form.cleaned_data.get("episode")
    facts = (one.fact for one in opened.case.episodes)
    return next((fact.episode for fact in facts if f"{fact.episode_id}" == chosen), None)


def _blank(opened: OpenCase) -> dict[str, object]:
    open_ones = [one.fact.episode_id for one in opened.case.open]
    only = open_ones[0] if len(open_ones) == 1 else ""
    today = london_date(opened.now)
    return {"kind": "note", "happened_on": today, "episode": f"{only}", "seen_by": HUB}


def _look_for(opened: OpenCase, number: int) -> Note:
    """Fetch the note's last version. One that is withdrawn is there for who still types alone."""
    versions = Note.objects.visible_to(opened.user).filter(
        child__in=opened.case.numbers, position=number
    )
    note = versions.order_by("known_from", "pk").last()
    if note is None:
        raise Http404
    return note


def _standing(opened: OpenCase, number: int) -> Note:
    note = _look_for(opened, number)
    if note.superseded_at is not None:
        raise Conflict(MEANWHILE)
    return note


def _stored(opened: OpenCase, number: int) -> Stored:
    """Give what stands; of a note that was withdrawn meanwhile, that nothing does any more."""
    note = _look_for(opened, number)
    if note.superseded_at is not None:
        nothing = dict.fromkeys((*LIKE_THE_NOTE, "happened_time", "episode"))
        by = note.superseded_by.name if note.superseded_by else ""
        return Stored(nothing, "withdrawn", by, note.superseded_at)
    at = note.happened_at
    values = {name: getattr(note, name) for name in LIKE_THE_NOTE} | {
        "happened_time": f"{timezone.localtime(at, LONDON):%H:%M}" if at else "",
        "episode": f"{note.episode_id or ''}",
    }
    by = note.recorded_by.name if note.recorded_by else ""
    return Stored(values, f"{note.pk}", by, note.known_from)
