"""Reading a case as at a day: whole at once, or each kind of fact with one query through `visible_to`.

What is in a case's `ready` was read at once (risk/cases/queries.py); both ways give the same rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from referrals.children.models import Address, Alias, CareStatus, Child, ChildDetails, ChildQuerySet
from referrals.contacts.models import PersonToCall
from referrals.disagreements.models import Disagreement
from referrals.emergencies.models import EmergencyAccess
from referrals.episodes.models import Allocation, EpisodeFact
from referrals.joinings.queries import with_joined
from referrals.missing.models import MissingEpisode
from referrals.notes.models import Note, NoteQuerySet
from referrals.support.models import ServiceReferral
from risk.casefile.rules import Looking, Standing, overall, seen_end
from risk.casefile.views.earlier import PEOPLE, versions_of
from risk.cases.queries import LATEST_NOTES, Parts, read_whole, reads_whole, together
from risk.levels.models import RiskLevel
from risk.reviews.models import Review

L = TypeVar("L", RiskLevel, Review)


@dataclass(frozen=True)
class EpisodeThen:
    """An episode as it stood: its levels in the order of their days, its reviews by the day due."""

    fact: EpisodeFact
    closed_on: date | None
    levels: list[RiskLevel]
    reviews: list[Review]

    @property
    def reference(self) -> str:
        """The partnership's own number of the episode."""
        return self.fact.episode.reference

    @property
    def standing(self) -> Standing:
        """The level that stands on it."""
        if not self.levels:
            return Standing()
        last = self.levels[-1]
        return Standing(last.level, last.set_on, last.rank)


@dataclass(frozen=True)
class Case:
    """What every page of a case needs; `sees_all` is false for those with whom a part is shared.

    `episodes`: the latest referral first. `allocations`: who held one of them, the latest first.
    `missing`: when the child was missing, the latest first; nothing for those with whom a part is shared.
    `ready`: what was read at once, by its name. `records`: the child's own record, and those that are
    joined to it and that the person sees, each with what it says of who the child is.
    """

    child: Child
    user: User
    looking: Looking
    sees_all: bool
    details: ChildDetails | None
    episodes: list[EpisodeThen]
    allocations: list[Allocation]
    missing: list[MissingEpisode]
    ready: Parts
    records: Sequence[tuple[Child, ChildDetails | None]]

    @property
    def numbers(self) -> list[int]:
        """The numbers of all the records that are read as this child's."""
        return [record.pk for record, _details in self.records]

    @property
    def joined(self) -> Sequence[tuple[Child, ChildDetails | None]]:
        """The records that are joined to the child's own."""
        return self.records[1:]

    @property
    def lives_confidentially(self) -> bool:
        """Whether any of the records has a confidential address on the day: what one hides, all hide."""
        return any(record.lives_confidentially for record, _details in self.records)

    def record_of(self, row: Any) -> str:
        """Give the reference of the joined record where a row stands; nothing for the child's own."""
        if not self.joined:
            return ""
        of_episodes = {one.fact.episode_id: one.fact.child_id for one in self.episodes}
        number = getattr(row, "child_id", None) or of_episodes.get(row.episode_id)
        return next((one.reference for one, _said in self.joined if one.pk == number), "")

    def record_with(self, episode_id: int) -> Child:
        """Give the record on which one of the episodes stands."""
        facts = {one.fact.episode_id: one.fact.child_id for one in self.episodes}
        return next(one for one, _said in self.records if one.pk == facts[episode_id])

    @property
    def open(self) -> list[EpisodeThen]:
        """The episodes open at the end of the day."""
        return [episode for episode in self.episodes if episode.closed_on is None]

    @property
    def level(self) -> Standing | None:
        """The child's level; None where no episode is open."""
        return overall(episode.standing for episode in self.open)

    @property
    def held_by(self) -> list[Allocation]:
        """Who holds the open episodes, those who lead first."""
        wanted = {episode.fact.episode_id for episode in self.open}
        ends = (
            (item, seen_end(item.to_date, item.to_known_from, self.looking))
            for item in self.allocations
        )
        held = [item for item, end in ends if end is None and item.episode_id in wanted]
        return sorted(held, key=lambda item: not item.lead)


def sees_all(user: User) -> bool:
    """Say whether the person sees whole cases, or what is shared with a service."""
    standing = standing_of(user)
    return standing is not None and standing.may(Permission.CASES_VIEW)


def children_of(user: User, looking: Looking) -> ChildQuerySet:
    """Keep the children whom the person sees, each with whether it lives confidentially or read for that.

    And with the records it is joined to, as that was known.
    """
    rows = with_joined(
        Child.objects.visible_to(user).select_related("partnership"), user, looking.known_at
    )
    if reads_whole(user):
        return rows
    return rows.with_confidential_address(looking.day, looking.known_at)


def find(user: User, child_id: int, looking: Looking) -> tuple[Child, Child] | None:
    """Give the child whom a record tells of, and the record: the same, unless it is joined to another.

    None for a record that the person does not see.
    """
    rows = children_of(user, looking)
    record = rows.filter(pk=child_id).first()
    if record is None:
        return None
    kept = rows.filter(pk=record.joined_into).first() if record.joined_into else None
    return kept or record, record


def read_case(user: User, child: Child, looking: Looking, besides: Iterable[str] = ()) -> Case:
    """Read what the header shows, with the same number of queries for every child.

    `besides` names what the page needs more, where a case is read at once. `child` is from `children_of`;
    the records joined to it are read as it is, and what they say is put together.
    """
    records = [child, *_joined_records(user, child, looking)]
    each = [
        read_whole(user, one, looking.day, looking.known_at, besides)
        or _read_by_kind(user, one, looking)
        for one in records
    ]
    said = [next(reversed(ready["details"]), None) for ready in each]
    ready = together(each)
    levels = _by_episode(ready["levels"])
    reviews = _by_episode(ready["reviews"])
    return Case(
        child=child,
        user=user,
        looking=looking,
        sees_all=sees_all(user),
        details=said[0],
        episodes=[_episode(fact, levels, reviews, looking) for fact in ready["episodes"]],
        allocations=ready["allocations"],
        missing=ready["missing"],
        ready=ready,
        records=list(zip(records, said, strict=True)),
    )


def _joined_records(user: User, child: Child, looking: Looking) -> list[Child]:
    if not child.joined_here:
        return []
    return list(children_of(user, looking).filter(pk__in=child.joined_here).order_by("pk"))


def _read_by_kind(user: User, child: Child, looking: Looking) -> Parts:
    facts = _episode_facts(user, child, looking)
    numbers = [fact.episode_id for fact in facts]
    return {
        "details": _details(user, child, looking),
        "episodes": facts,
        "levels": _levels(user, numbers, looking),
        "reviews": _reviews(user, numbers, looking),
        "allocations": _allocations(user, numbers, looking),
        "missing": _missing(user, child, looking),
    }


def _by_episode(rows: list[L]) -> dict[int, list[L]]:
    return {number: list(of) for number, of in groupby(rows, lambda row: row.episode_id)}


def _episode(
    fact: EpisodeFact,
    levels: dict[int, list[RiskLevel]],
    reviews: dict[int, list[Review]],
    looking: Looking,
) -> EpisodeThen:
    number = fact.episode_id
    closed_on = seen_end(fact.closed_on, fact.to_known_from, looking)
    return EpisodeThen(fact, closed_on, levels.get(number, []), reviews.get(number, []))


def _episode_facts(user: User, child: Child, looking: Looking) -> list[EpisodeFact]:
    rows = EpisodeFact.objects.visible_to(user).known(looking.known_at)
    rows = rows.filter(child=child, referred_on__lte=looking.day).select_related("episode")
    return list(rows.order_by("-referred_on", "-pk"))


def _levels(user: User, episodes: list[int], looking: Looking) -> list[RiskLevel]:
    rows = RiskLevel.objects.visible_to(user).known(looking.known_at).with_place_on_scale()
    rows = rows.filter(episode__in=episodes, set_on__lte=looking.day)
    return list(rows.order_by("episode_id", "set_on", "position", "pk"))


def _reviews(user: User, episodes: list[int], looking: Looking) -> list[Review]:
    rows = Review.objects.visible_to(user).known(looking.known_at).filter(episode__in=episodes)
    return list(rows.order_by("episode_id", "due_on", "position", "pk"))


def _allocations(user: User, episodes: list[int], looking: Looking) -> list[Allocation]:
    rows = Allocation.objects.visible_to(user).known(looking.known_at).with_agency()
    rows = rows.filter(episode__in=episodes, from_date__lte=looking.day)
    return list(rows.order_by("-from_date", "-position", "-pk"))


def _details(user: User, child: Child, looking: Looking) -> list[ChildDetails]:
    rows = ChildDetails.objects.visible_to(user).known(looking.known_at).filter(child=child)
    return list(rows.order_by("position", "pk"))


def _missing(user: User, child: Child, looking: Looking) -> list[MissingEpisode]:
    rows = MissingEpisode.objects.visible_to(user).known(looking.known_at)
    rows = rows.filter(child=child, missing_from__date__lte=looking.day)
    return list(rows.order_by("-missing_from", "-pk"))


def level_versions(case: Case) -> list[RiskLevel]:
    """Read every version of the levels of the case that was known, the superseded ones too."""
    numbers = [episode.fact.episode_id for episode in case.episodes]
    rows = RiskLevel.objects.visible_to(case.user).with_place_on_scale()
    rows = rows.filter(episode__in=numbers, set_on__lte=case.looking.day)
    if case.looking.known_at:
        rows = rows.filter(known_from__lte=case.looking.known_at)
    rows = rows.select_related(*PEOPLE, "tool_version__tool")
    return list(rows.order_by("set_on", "position", "known_from", "pk"))


def read_addresses(case: Case) -> list[Address]:
    """Read where the child lived, the latest first; to a charity, nothing that is confidential."""
    if "addresses" in case.ready:
        return case.ready["addresses"]
    rows = Address.objects.visible_to(case.user).known(case.looking.known_at)
    rows = rows.filter(child__in=case.numbers, from_date__lte=case.looking.day)
    return list(rows.order_by("-from_date", "-position", "-pk"))


def read_statuses(case: Case) -> list[CareStatus]:
    """Read how social care held the child, the latest first."""
    if "statuses" in case.ready:
        return case.ready["statuses"]
    rows = CareStatus.objects.visible_to(case.user).known(case.looking.known_at)
    rows = rows.filter(child__in=case.numbers, from_date__lte=case.looking.day)
    return list(rows.order_by("-from_date", "-position", "-pk"))


def read_disagreements(case: Case) -> list[Disagreement]:
    """Read every step of every disagreement that was known, the first one first."""
    rows = Disagreement.objects.visible_to(case.user).filter(child=case.child)
    if not rows.exists():  # as of most children: told in a third of the time
        return []
    if case.looking.known_at:
        rows = rows.filter(known_from__lte=case.looking.known_at)
    return list(rows.select_related("episode").order_by("known_from", "pk"))


def read_missing(case: Case) -> list[MissingEpisode]:
    """Give when the child was missing, the latest first."""
    return case.missing


def read_support(case: Case) -> list[ServiceReferral]:
    """Read which services were asked, the latest first; to a charity, its own alone."""
    if "support" in case.ready:
        return case.ready["support"]
    rows = ServiceReferral.objects.visible_to(case.user).known(case.looking.known_at)
    rows = rows.filter(referred_on__lte=case.looking.day).of_children(case.numbers, case.user)
    rows = rows.with_service_name()
    return list(rows.order_by("-referred_on", "-position", "-pk"))


def note_versions(case: Case) -> list[Note]:
    """Read every version of the notes that was known, note by note, the oldest version first."""
    if "notes" in case.ready:
        return case.ready["notes"]
    rows = Note.objects.visible_to(case.user).filter(child__in=case.numbers)
    if case.looking.known_at:
        rows = rows.filter(known_from__lte=case.looking.known_at)
    people = ("author", "agency", "recorded_by", "superseded_by")
    return list(
        rows.with_marking().select_related(*people).order_by("position", "known_from", "pk")
    )


def latest_notes(case: Case) -> list[Note]:
    """Read the notes of the latest days, as they stand."""
    if "latest" in case.ready:
        return case.ready["latest"]
    rows = _standing_notes(case).with_marking().select_related("author", "agency")
    return list(rows.latest_first()[:LATEST_NOTES])


def latest_words(case: Case) -> Note | None:
    """Read the latest note that quotes the child."""
    if "words" in case.ready:
        return next(iter(case.ready["words"]), None)
    return _standing_notes(case).exclude(own_words="").latest_first().first()


def _standing_notes(case: Case) -> NoteQuerySet:
    rows = Note.objects.visible_to(case.user).known(case.looking.known_at)
    return rows.filter(child__in=case.numbers, happened_on__lte=case.looking.day)


def read_people_to_call(case: Case) -> list[PersonToCall]:
    """Read whom to call on the day, whom to call first in front."""
    if "calling" in case.ready:
        return case.ready["calling"]
    rows = PersonToCall.objects.visible_to(case.user).filter(child__in=case.numbers)
    rows = rows.as_at(case.looking.day, case.looking.known_at)
    return list(rows.order_by("-preferred", "position"))


def details_versions(case: Case) -> list[ChildDetails]:
    """Read every version of the child's own details that was known, the oldest first."""
    if "told" in case.ready:
        return [row for row in case.ready["told"] if row.child_id == case.child.pk]
    return versions_of(
        ChildDetails.objects.visible_to(case.user).filter(child=case.child), case.looking
    )


def name_versions(case: Case) -> list[Alias]:
    """Read every version of the child's other names that was known, the oldest first."""
    if "names" in case.ready:
        return case.ready["names"]
    rows = Alias.objects.visible_to(case.user).filter(child__in=case.numbers)
    return versions_of(rows, case.looking)


def own_emergency(case: Case) -> EmergencyAccess | None:
    """Read the person's own emergency access by which they see the child now, or None."""
    if "emergency" in case.ready:
        return next(iter(case.ready["emergency"]), None)
    own = EmergencyAccess.objects.visible_to(case.user).filter(person=case.user)
    return own.in_force().filter(grant__content_object__in=case.numbers).first()
