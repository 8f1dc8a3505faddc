"""Proposals as pages show them: what is proposed, by whom, and what each agency says."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hub.accounts.models import User
from hub.days.rules import LONDON
from risk.proposals.models import AgencyView, Proposal
from risk.proposals.rules import OPINIONS, WORDS, Kind, Opinion


@dataclass(frozen=True)
class Opined:
    """What an agency says of a proposal."""

    agency: str
    says: str
    level: str
    words: str


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


def proposed_of(proposals: Iterable[Proposal], user: User) -> list[Proposed]:
    """Describe proposals, with one question for the views of all."""
    listed = list(proposals)
    said: dict[int, list[Opined]] = defaultdict(list)
    views = AgencyView.objects.visible_to(user).known().filter(proposal__in=listed)
    for view in views.select_related("agency").order_by("agency__name"):
        said[view.proposal_id].append(
            Opined(view.agency.name, OPINIONS[Opinion(view.opinion)], view.level, view.words)
        )
    return [_proposed(proposal, said[proposal.pk], user) for proposal in listed]


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
