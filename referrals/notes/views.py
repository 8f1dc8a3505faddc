"""The notes that a charity's worker and their agency wrote, of all the children shared with them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.access.gate import require
from hub.access.rules import Permission, Standing
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.site.paging import Paging, nearest_page, paging
from referrals.notes.models import Note
from referrals.notes.rules import tag_of, title_of

PAGE_SIZE = 25


@dataclass(frozen=True)
class OurNote:
    """A note as it stands, in a list: of whom, when, its words, who wrote it, who else may see it.

    `address` is where the whole of it stands on the child's timeline.
    """

    child: str
    reference: str
    address: str
    day: date
    at: datetime | None
    title: str
    text: str
    author: str
    tag: str


@dataclass(frozen=True)
class OurNotesPage:
    """The notes of the page, the latest first."""

    agency: str
    notes: list[OurNote]
    paging: Paging


@require_safe
def ours(request: HttpRequest) -> HttpResponse:
    """List them; the children on the page are put on the trail."""
    user, now = signed_in(request), timezone.now()
    standing = require(user, Permission.SHARED_NOTES_RECORD)
    page = our_notes_page(user, standing, request.GET.get("page", "1"))
    record(
        event="notes.listed",
        verb=Verb.CONSULTATION,
        what="notes",
        reference="ours",
        at=now,
        by=user,
        about=sorted({note.reference for note in page.notes}),
    )
    return render(request, "notes/ours.html", {"page": page})


def our_notes_page(user: User, standing: Standing, number: str) -> OurNotesPage:
    """Build the page, with the same number of queries for many as for few."""
    rows = Note.objects.visible_to(user).known().written_by(standing).latest_first()
    page = nearest_page(
        rows.with_marking().select_related("child", "author", "agency"), PAGE_SIZE, number
    )
    things = "note" if page.paginator.count == 1 else "notes"
    return OurNotesPage(standing.agency, list(_lines(page)), paging(page, things))


def _lines(notes: Iterable[Note]) -> Iterator[OurNote]:
    for note in notes:
        timeline = reverse("risk-child-timeline", args=[note.child_id])
        yield OurNote(
            child=f"{note.child.surname}, {note.child.forenames}",
            reference=note.child.reference,
            address=f"{timeline}?kind=notes&note={note.position}#note-{note.position}",
            day=note.happened_on,
            at=note.happened_at,
            title=title_of(note.kind, note.with_whom),
            text=note.text or note.own_words,
            author=note.author.name,
            tag=tag_of(note.seen_by, note.agency.name if note.agency else "", note.named),
        )
