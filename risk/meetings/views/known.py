"""What is known of a child at a meeting: what was said and recorded, as far as its reader may see it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.access.gate import standing_of
from hub.audit.models import AuditEvent, Verb
from hub.days.rules import LONDON
from referrals.checks.models import AgencyCheck, CheckAnswer
from referrals.checks.rules import KNOWS, OVERDUE, state_of
from referrals.children.models import CareStatus, Child
from referrals.notes.models import Note
from referrals.notes.rules import PROTECTED, TAGS
from risk.cases.queries import Parts, read_whole, together
from risk.meetings.models import MeetingItem, MeetingTask, TaskQuerySet
from risk.meetings.rules.room import Marked
from risk.meetings.views.frame import Room

MOST_BEFORE = 10
DISCUSSION = "meeting"
# What the screen of a child needs besides what is always read of a case.
NEEDED = ("statuses", "support", "words")


@dataclass(frozen=True)
class Missing:
    """How often a child went missing within so many days."""

    times: int
    days: int


@dataclass(frozen=True)
class Word:
    """An entry of the discussion: whose, when, what, and who may see it."""

    agency: str
    at: datetime
    by: str
    text: str
    tag: str
    mine: bool
    marked: Marked


@dataclass(frozen=True)
class Checked:
    """What an agency was asked and answered: the last time, as far as the person may read it."""

    agency: str
    state: str
    late: bool
    says: str
    text: str
    sources: str


@dataclass(frozen=True)
class Before:
    """An earlier level with its reason."""

    day: date
    level: str
    reason: str
    episode: str

    @property
    def quote(self) -> str:
        """What is put into the reason where it is quoted."""
        return f"“{self.reason}” ({self.day.day} {self.day:%B %Y})"


def case_of(room: Room, item: MeetingItem) -> Parts:
    """Read the child's case as it stands, whatever its days, with one question for each of its records."""
    others = [number for number in room.records_of(item) if number != item.child_id]
    records = [item.child]
    if others:
        records += Child.objects.visible_to(room.user).filter(pk__in=others)
    return together([read_whole(room.user, each, date.max, None, NEEDED) for each in records])


def statuses_of(room: Room, case: Parts) -> list[str]:
    """Give how social care holds the child on the meeting's day."""
    day = room.meeting.held_on
    kinds = sorted(
        row.status
        for row in case["statuses"]
        if row.from_date <= day and (row.to_date is None or row.to_date > day)
    )
    return [CareStatus.Kind(kind).label for kind in dict.fromkeys(kinds)]


def nth_of(case: Parts, item: MeetingItem) -> str:
    """Say which of the child's episodes this is; a first one is said as well."""
    own = (item.episode.referred_on, item.episode_id)
    place = (
        sorted({own, *((row.referred_on, row.episode_id) for row in case["episodes"])}).index(own)
        + 1
    )
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if 10 < place % 100 < 14 else endings.get(place % 10, "th")
    return f"{place}{ending} episode"


def spoken_in(case: Parts) -> Note | None:
    """Give the latest note that quotes the child."""
    return next(iter(case["words"]), None)


def words_of(room: Room, item: MeetingItem) -> list[Word]:
    """Give what was said of the child at this meeting, as far as the person may see it."""
    return words_of_many(room, item.episode_id).get(item.episode_id, [])


def words_of_many(room: Room, episode_id: int | None = None) -> dict[int, list[Word]]:
    """Give what was said at this meeting, by the episode it was said of; or of one episode alone."""
    standing = standing_of(room.user)
    own = standing.agency_id if standing else None
    wanted = [episode_id] if episode_id else [item.episode_id for item in room.items]
    notes = Note.objects.visible_to(room.user).known()
    said = notes.filter(
        episode__in=wanted, kind=DISCUSSION, happened_on=room.meeting.held_on
    ).with_source()
    found: dict[int, list[Word]] = defaultdict(list)
    for note in said.select_related("author", "agency").order_by("known_from", "pk"):
        if note.episode_id is not None:
            found[note.episode_id].append(_word(note, own))
    return found


def _word(note: Note, own: int | None) -> Word:
    mine = note.agency_id is not None and note.agency_id == own
    return Word(
        agency=note.agency.name if note.agency else "",
        at=note.known_from.astimezone(LONDON),
        by=PROTECTED if note.hides_source and not mine else note.author.name,
        text=note.text,
        tag=TAGS[note.seen_by],
        mine=mine,
        marked=Marked(note.agency_id, note.seen_by, note.for_agencies),
    )


def before_of(case: Parts) -> list[Before]:
    """Give the child's levels with their reasons, of every episode, the newest first."""
    references = {row.episode_id: row.episode.reference for row in case["episodes"]}
    newest = sorted(case["levels"], key=lambda r: (r.set_on, r.position, r.pk), reverse=True)
    return [
        Before(row.set_on, row.level, row.rationale, references[row.episode_id])
        for row in newest[:MOST_BEFORE]
    ]


def missing_of(room: Room, case: Parts) -> Missing:
    """Count how often the child went missing in the last days, as many as the partnership says."""
    days = room.meeting.series.partnership.missing_days
    since = room.now - timedelta(days=days)
    return Missing(sum(row.missing_from >= since for row in case["missing"]), days)


def support_of(case: Parts, item: MeetingItem) -> list[str]:
    """Name the services that were asked to support the child in this episode."""
    return [
        row.service_name or row.service
        for row in reversed(case["support"])
        if row.episode_id == item.episode_id and row.ended_on is None
    ]


def tasks_of(room: Room, item: MeetingItem) -> TaskQuerySet:
    """Keep the child's actions that are not done."""
    tasks = MeetingTask.objects.visible_to(room.user).open()
    return tasks.filter(child__in=room.records_of(item)).select_related("agency")


def last_looked(room: Room, item: MeetingItem) -> datetime | None:
    """Give when this person last looked at the child before today's meeting was opened."""
    own = AuditEvent.objects.visible_to(room.user).filter(
        user_id=room.user.pk, what="child", reference=item.child.reference
    )
    seen = own.filter(verb=Verb.CONSULTATION, at__lt=room.meeting.opened_at)
    at: datetime | None = seen.order_by("-at").values_list("at", flat=True).first()
    return at


def news_of(room: Room, item: MeetingItem, case: Parts, looked: datetime | None) -> list[str]:
    """Say what came since the person last looked; of one they never opened everything is new."""
    if looked is None:
        return []
    notes = Note.objects.visible_to(room.user).known()
    written = notes.filter(child__in=room.records_of(item), known_from__gt=looked).count()
    missing = sum(row.known_from > looked for row in case["missing"])
    set_since = sum(row.known_from > looked for row in case["levels"])
    counted = ((missing, "missing episode"), (written, "note"), (set_since, "level"))
    return [f"{many} {word}{'' if many == 1 else 's'}" for many, word in counted if many]


def checks_of(room: Room, item: MeetingItem) -> list[Checked]:
    """Give what each agency was asked of this episode last, and what it answered."""
    last = {check.agency_id: check for check in room.checks_on(item)}
    answers = CheckAnswer.objects.visible_to(room.user).known().filter(asked__in=last.values())
    said = {answer.asked_id: answer for answer in answers}
    rows = [_checked(check, said.get(check.pk), room.now) for check in last.values()]
    return sorted(rows, key=lambda row: row.agency)


def _checked(check: AgencyCheck, said: CheckAnswer | None, now: datetime) -> Checked:
    answered = check.answered_at is not None
    state = state_of(
        answered=answered,
        decided=check.decided,
        due=check.due_at,
        now=now,
        withdrawn=check.withdrawn_at is not None,
    )
    return Checked(
        agency=check.agency.name,
        state=state,
        late=state == OVERDUE,
        says=KNOWS[said.knows] if said else "",
        text=said.text if said else "",
        sources=said.sources if said else "",
    )
