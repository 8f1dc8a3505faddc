"""Proposals as pages show them: what is proposed, by whom, and what each agency says."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.accounts.models import User
from hub.days.rules import LONDON
from risk.proposals.models import AgencyView, Proposal
from risk.proposals.rules import OPINIONS, WORDS, Kind, Opinion, View, dissents


@dataclass(frozen=True)
class Opined:
    """What an agency says of a proposal; `dissents` where it stands against what was settled."""

    agency: str
    says: str
    level: str
    words: str
    dissents: bool


@dataclass(frozen=True)
class Proposed:
    """A proposal in words; `closes` where it is a closing, `mine` where its reader made it."""

    number: int
    kind: str
    from_level: str
    to_level: str
    closes: bool
    words: str
    exit_plan: str
    by: str
    at: datetime
    views: list[Opined]
    mine: bool


def proposed_of(
    proposals: Iterable[Proposal], user: User, settled: Mapping[int, str | None] | None = None
) -> list[Proposed]:
    """Describe proposals, with one question for the views; `settled` is the level that each came to."""
    listed = list(proposals)
    said = opined_of([proposal.pk for proposal in listed], user, settled or {})
    return [_proposed(proposal, said[proposal.pk], user) for proposal in listed]


def opined_of(
    proposals: Iterable[int],
    user: User,
    settled: Mapping[int, str | None],
    known_at: datetime | None = None,
) -> dict[int, list[Opined]]:
    """Give what each agency says of proposals, by their number, in one query."""
    said: dict[int, list[Opined]] = defaultdict(list)
    views = AgencyView.objects.visible_to(user).known(known_at).filter(proposal__in=proposals)
    for view in views.select_related("agency", "proposal").order_by("agency__name"):
        said[view.proposal_id].append(_opined(view, settled.get(view.proposal_id)))
    return said


def _opined(view: AgencyView, settled: str | None) -> Opined:
    opinion = Opinion(view.opinion)
    stands_against = dissents(
        View(opinion, view.level), proposed=view.proposal.to_level, settled=settled
    )
    return Opined(view.agency.name, OPINIONS[opinion], view.level, view.words, stands_against)


def _proposed(proposal: Proposal, views: list[Opined], user: User) -> Proposed:
    return Proposed(
        number=proposal.pk,
        kind=WORDS[Kind(proposal.kind)],
        from_level=proposal.from_level,
        to_level=proposal.to_level,
        closes=proposal.kind == Kind.CLOSING,
        words=proposal.words,
        exit_plan=proposal.exit_plan,
        by=proposal.proposed_by.name,
        at=proposal.proposed_at.astimezone(LONDON),
        views=views,
        mine=proposal.proposed_by_id == user.pk,
    )
