"""What stood on the list of a past day, read from dated facts as they were known when its meeting began.

Each kind says the same of that moment as risk/agenda/queries says of now; a test compares the two. Who may
see what is asked of today: what is hidden from the person now is on no list that they can open.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import Exists, Min, OuterRef, Q, Subquery

from hub.accounts.models import User
from referrals.episodes.models import EpisodeFact, EpisodeFactQuerySet
from referrals.information.models import Information
from referrals.information.rules import KINDS
from referrals.intake.models import Referral
from referrals.intake.rules import PLACE
from referrals.missing.models import MissingEpisode
from risk.agenda.models import PutForward
from risk.agenda.queries import (
    due_words,
    missing_words,
    referred_words,
    told_words,
)
from risk.agenda.rules import (
    DUE,
    REFERRED,
    STILL_MISSING,
    TOLD,
    WENT_MISSING,
    Item,
    Window,
    begin_of,
)
from risk.levels.models import RiskLevel
from risk.places.models import PlaceForward
from risk.reviews.models import Review
from risk.suspects.models import SuspectLevel


def items_then(user: User, window: Window, known_at: datetime) -> list[Item]:
    """Give whatever brought a child onto the list of a day, as it was known at a moment."""
    return [
        *_missing(user, window, known_at),
        *_referred(user, window, known_at),
        *_told(user, window, known_at),
        *_due(user, window, known_at),
    ]


def open_then(user: User, day: date, known_at: datetime) -> EpisodeFactQuerySet:
    """Give the episodes that were open on a day, as it was known at a moment: a fact each."""
    return EpisodeFact.objects.visible_to(user).as_at(day, known_at)


def _missing(user: User, window: Window, known_at: datetime) -> Iterator[Item]:
    rows = MissingEpisode.objects.visible_to(user).known(known_at)
    still = Q(found_at__isnull=True) | Q(to_known_from__gt=known_at)
    seen = rows.filter(still | Q(missing_from__gt=window.since), missing_from__lte=window.until)
    columns = ("child_id", "missing_from", "found_at", "to_known_from")
    for child, start, found, found_known in seen.values_list(*columns):
        back = None if found_known and found_known > known_at else found
        kind = WENT_MISSING if back else STILL_MISSING
        yield Item(child, kind, start, missing_words(start, back))


def _referred(user: User, window: Window, known_at: datetime) -> Iterator[Item]:
    levels = RiskLevel.objects.known(known_at).filter(episode=OuterRef("episode"))
    facts = EpisodeFact.objects.filter(episode=OuterRef("episode")).order_by().values("episode")
    first = Subquery(facts.annotate(first=Min("known_from")).values("first"))
    undecided = open_then(user, window.day, known_at).filter(~Exists(levels.order_by()))
    columns = ("episode__child_id", "episode__reference", "referred_on", "first")
    for child, reference, referred_on, at in undecided.annotate(first=first).values_list(*columns):
        yield Item(child, REFERRED, at, referred_words(referred_on, reference))


def _told(user: User, window: Window, known_at: datetime) -> Iterator[Item]:
    levels = RiskLevel.objects.known(known_at).filter(
        episode=OuterRef("episode"), known_from__gt=OuterRef("recorded_at")
    )
    opened = open_then(user, window.day, known_at).filter(episode=OuterRef("episode"))
    until = min(known_at, window.until)
    rows = Information.objects.visible_to(user).filter(recorded_at__lte=until)
    waits = rows.filter(Exists(opened.order_by()), ~Exists(levels.order_by()))
    for child, kind, at in waits.values_list("child_id", "kind", "recorded_at"):
        yield Item(child, TOLD, at, told_words(at, KINDS[kind]))


def _due(user: User, window: Window, known_at: datetime) -> Iterator[Item]:
    left = Q(done_on__isnull=True) | Q(to_known_from__gt=known_at)
    opened = open_then(user, window.day, known_at).order_by().values("episode")
    rows = Review.objects.visible_to(user).known(known_at).filter(left, episode__in=opened)
    first = rows.order_by().values("episode__child_id", "episode_id").annotate(due=Min("due_on"))
    for child, due_on in first.filter(due__lte=window.day).values_list("episode__child_id", "due"):
        yield Item(child, DUE, begin_of(due_on), due_words(due_on, window))


def waiting_then(user: User, known_at: datetime) -> list[Referral]:
    """Give the referrals that were put to no child at a moment, the oldest first.

    One that was taken off a child since counts as waiting all the time: the referral keeps where it is now.
    """
    come = Referral.objects.visible_to(user).filter(
        received_at__lte=known_at, recorded_at__lte=known_at
    )
    ended = Q(joined_at__lte=known_at) | Q(decided_at__lte=known_at) | Q(withdrawn_at__lte=known_at)
    rows = come.exclude(ended).select_related("child", "episode")
    return list(rows.order_by("received_at", "pk"))


def suspects_then(user: User, day: date, known_at: datetime) -> list[PutForward]:
    """Give the suspects on the list of a day, to the police; `set_to` is the level that was set since."""
    of_suspect = SuspectLevel.objects.filter(occurrence__facts__suspect=OuterRef("suspect"))
    before = of_suspect.known(known_at).filter(known_from__gt=OuterRef("known_from"))
    after = of_suspect.known().filter(known_from__gt=known_at).order_by("known_from", "pk")
    rows = PutForward.objects.visible_to(user).known(known_at).filter(for_day__lte=day)
    waiting = rows.filter(~Exists(before.order_by())).select_related("suspect", "recorded_by")
    return list(
        waiting.annotate(set_to=Subquery(after.values("level")[:1])).order_by("for_day", "pk")
    )


def places_then(user: User, day: date, known_at: datetime) -> list[PlaceForward]:
    """Give the places on the list of a day; what was said of them since stands in `said_since`."""
    seen = PlaceForward.objects.visible_to(user)
    since = seen.known().filter(
        referral=OuterRef("referral"), for_day=OuterRef("for_day"), discussed_on__isnull=False
    )
    of_places = seen.known(known_at).filter(referral__about=PLACE)
    told = of_places.exclude(referral__withdrawn_at__lte=known_at)
    rows = told.filter(for_day__lte=day, discussed_on=None).in_order()
    return list(rows.annotate(said_since=Subquery(since.order_by().values("came_of_it")[:1])))


def levels_then(
    user: User, episodes: Iterable[int], day: date, known_at: datetime
) -> dict[int, RiskLevel]:
    """Give the level of each of these episodes on a day, as it was known at a moment."""
    rows = RiskLevel.objects.visible_to(user).as_at(day, known_at)
    return {row.episode_id: row for row in rows.filter(episode__in=list(episodes))}
