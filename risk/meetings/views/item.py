"""The screen of one child: who, why today, what was said, what was decided before and may be now."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.days.rules import LONDON, age_on
from referrals.measures.rules import (
    MATTERS,
    RECEIVING,
    SOCIAL_CARE,
    STATES,
    STRATEGY,
    TRANSITION,
    plans_adulthood,
)
from referrals.notes.models import Note
from referrals.notes.rules import HUB
from risk.levels.rules import review_due
from risk.meetings.forms import WordForm
from risk.meetings.models import MeetingDecision, MeetingItem, MeetingTask
from risk.meetings.queries.ground import Scale, ground_of, scale_in_use
from risk.meetings.rules.effects import (
    CLOSE,
    NOT_DECIDED,
    Confirmer,
    Effect,
    Ground,
    confirmers,
    effect_of,
    needed,
)
from risk.meetings.rules.others import matters_asked
from risk.meetings.rules.times import entered_later
from risk.meetings.views.agenda import Group, groups_of, outcome_words
from risk.meetings.views.dissent import settled_by
from risk.meetings.views.frame import Head, Room, head_of
from risk.meetings.views.known import (
    Before,
    Checked,
    Missing,
    Word,
    before_of,
    case_of,
    checks_of,
    last_looked,
    missing_of,
    news_of,
    nth_of,
    spoken_in,
    statuses_of,
    support_of,
    tasks_of,
    words_of,
)
from risk.proposals.models import Proposal
from risk.proposals.queries import Proposed, proposed_of

KEYS = {"NO_RISK": "N", "LOW": "L", "MEDIUM": "M", "HIGH": "H", CLOSE: "E", NOT_DECIDED: "X"}
EFFECTS = {
    Effect.AT_ONCE: "takes effect at once",
    Effect.CLOSES: "closes the episode",
    Effect.PROPOSED: "is proposed to the panel: the level stands until then",
    Effect.NONE: "",
}
SHOWN = (STRATEGY, SOCIAL_CARE, TRANSITION, RECEIVING)
OTHERS = ((CLOSE, "End the episode"), (NOT_DECIDED, "Not decided yet"))


@dataclass(frozen=True)
class Outcome:
    """A decision that may be made here: its key, what it brings about, which fields it asks for."""

    code: str
    label: str
    key: str
    effect: str
    says: str
    asks: tuple[str, ...]
    review: date | None
    confirmed_by: str

    @property
    def classes(self) -> str:
        """Name the fields that it asks for, as the style sheet knows them."""
        asked = (*self.asks, *(("review",) if self.review else ()))
        return " ".join(f"hub-asks-{name}" for name in asked)


@dataclass(frozen=True)
class Decided:
    """What was decided: the outcome, who recorded it when, and its words."""

    outcome: str
    said: str
    rationale: str
    parts: list[tuple[str, str]]
    undo: str


@dataclass(frozen=True)
class ItemPage:
    """The whole screen. `looked` is when this person last looked, None: never; `news` what came since."""

    pk: int
    head: Head
    groups: list[Group]
    number: int
    name: str
    age: int
    born: date
    reference: str
    child_address: str
    level: str
    since: date | None
    statuses: list[str]
    nth: str
    why: list[str]
    lead: str
    spoken: Note | None
    looked: datetime | None
    news: list[str]
    checks: list[Checked]
    words: list[Word]
    before: list[Before]
    missing: Missing
    support: list[str]
    tasks: list[MeetingTask]
    outcomes: list[Outcome]
    proposed: Proposed | None
    silent: list[str]
    decided: Decided | None
    waits: bool
    version: int
    carry: str
    say: str
    own_agency: str
    word_form: WordForm
    hard_rule: str
    with_others: list[tuple[str, str]]
    before_this: str
    after_this: str


@dataclass(frozen=True)
class Weighed:
    """What a decision stands on, and what may be decided: read once for the screen and for its form."""

    scale: Scale
    ground: Ground
    outcomes: list[Outcome]


def weigh(room: Room, item: MeetingItem) -> Weighed:
    """Read it anew; what waits for the panel has no outcome of its own, but its verdict."""
    scale = scale_in_use()
    ground = ground_of(item, scale, room.kinds_there)
    found = outcomes_of(item, ground, scale) if item.proposal_id is None else []
    return Weighed(scale, ground, found)


def item_page(room: Room, item: MeetingItem, weighed: Weighed) -> ItemPage:
    """Build the screen: each part with one question to the database, however much there is."""
    child, episode = item.child, item.episode
    day = room.meeting.held_on
    waits = item.state == MeetingItem.State.WAITING
    case, looked = case_of(room, item), last_looked(room, item)
    places = [one.pk for one in room.items]
    here = places.index(item.pk)
    standing = standing_of(room.user)
    head, proposed, ground = head_of(room), _proposed(room, item), weighed.ground
    return ItemPage(
        pk=item.pk,
        head=head,
        groups=groups_of(room, item.pk),
        number=room.place[item.pk],
        name=f"{child.forenames} {child.surname}",
        age=age_on(child.date_of_birth, day),
        born=child.date_of_birth,
        reference=child.reference,
        child_address=reverse("risk-child-summary", args=[child.pk]),
        level=episode.level,
        since=episode.level_set_on,
        statuses=statuses_of(room, case),
        nth=nth_of(case, item),
        why=list(item.why),
        lead=episode.lead_worker,
        spoken=spoken_in(case),
        looked=looked,
        news=news_of(room, item, case, looked),
        checks=checks_of(room, item),
        words=words_of(room, item),
        before=before_of(case),
        missing=missing_of(room, case),
        support=support_of(case, item),
        tasks=list(tasks_of(room, item)),
        outcomes=weighed.outcomes if waits else [],
        proposed=proposed,
        silent=_silent(head, proposed),
        decided=decided_of(room, item),
        waits=waits,
        version=item.version,
        carry=reverse("risk-meeting-carry", args=[item.pk]),
        say=reverse("risk-meeting-say", args=[item.pk]),
        own_agency=standing.agency if standing else "",
        word_form=WordForm(initial={"seen_by": HUB}, auto_id="word_%s"),
        hard_rule=_hard_rule(ground) if waits else "",
        with_others=[*_with_others(ground), *_plan_needed(item, ground)],
        before_this=_address(places[here - 1]) if here else "",
        after_this=_address(places[here + 1]) if here + 1 < len(places) else "",
    )


def _address(pk: int) -> str:
    return reverse("risk-meeting-item", args=[pk])


def outcomes_of(item: MeetingItem, ground: Ground, scale: Scale) -> list[Outcome]:
    """Give what may be decided here, the levels from none to high, each with what it brings about."""
    days, on = item.meeting.series.partnership.review_days, item.meeting.held_on
    found = [
        _outcome(code, label, scale.ranks.get(code), ground, review_due(on, code, days))
        for code, label in (*reversed(scale.choices), *OTHERS)
    ]
    return [each for each in found if each.code != CLOSE or not ground.never_above_no_risk]


def _outcome(
    code: str, label: str, rank: int | None, ground: Ground, review: date | None
) -> Outcome:
    effect = effect_of(code, rank, ground)
    asked = sorted(confirmers(rank, effect, ground))
    names = {Confirmer.CHAIR: "the chair", Confirmer.MANAGER: "the hub manager"}
    asks = (
        *needed(code, rank, effect),
        *(("confirmed",) if asked else ()),
        *matters_asked(rank, effect, ground),
    )
    return Outcome(
        code=code,
        label=label,
        key=KEYS.get(code, ""),
        effect=effect.value,
        says=EFFECTS[effect],
        asks=asks,
        review=review if effect is Effect.AT_ONCE else None,
        confirmed_by=" and ".join(names[each] for each in asked),
    )


def _hard_rule(ground: Ground) -> str:
    if ground.under_13:
        return "Under 13 when referred: a referral to social care is needed, whatever the level."
    if ground.learning_disability:
        return "Learning disability: a referral to social care is needed, whatever the level."
    return ""


def _with_others(ground: Ground) -> list[tuple[str, str]]:
    """Say how what is asked of others stands, where something stands."""
    return [
        (MATTERS[matter], STATES[matter].get(state, state))
        for matter, state in ground.stands.items()
        if matter in SHOWN
    ]


def _plan_needed(item: MeetingItem, ground: Ground) -> list[tuple[str, str]]:
    """Ask for the plan for adulthood, from 17 on, where nobody has recorded anything of it."""
    old = plans_adulthood(item.child.date_of_birth, item.meeting.held_on)
    asks = old and TRANSITION not in ground.stands
    return [(MATTERS[TRANSITION], "plan needed, from 17 on")] if asks else []


def _proposed(room: Room, item: MeetingItem) -> Proposed | None:
    if item.proposal_id is None:
        return None
    proposals = Proposal.objects.visible_to(room.user).select_related("proposed_by")
    settled = settled_by(room.decisions.get(item.pk))
    proposal = proposals.get(pk=item.proposal_id)
    [described] = proposed_of([proposal], room.user, {proposal.pk: settled})
    return described


def _silent(head: Head, proposed: Proposed | None) -> list[str]:
    """Name who sits at the table and has said nothing of the proposal."""
    if proposed is None:
        return []
    said = {view.agency for view in proposed.views}
    return [name for name in head.here if name not in said]


def decided_of(room: Room, item: MeetingItem) -> Decided | None:
    """Give what was decided of an item; None while it waits."""
    said = room.decisions.get(item.pk)
    if said is None:
        return None
    standing = standing_of(room.user)
    undoes = (
        room.meeting.finished_at is None
        and standing is not None
        and standing.may(Permission.LEVELS_RECORD)
        and room.meeting.recorder_id == room.user.pk
    )
    return Decided(
        outcome=outcome_words(said),
        said=who_and_when(said),
        rationale=said.rationale,
        parts=parts_of(said),
        undo=reverse("risk-meeting-undo", args=[item.pk]) if undoes else "",
    )


def who_and_when(said: MeetingDecision) -> str:
    """Say who recorded a decision and when it was made; of one entered afterwards, when that was."""
    by = said.recorded_by.name if said.recorded_by else "Nobody that is known"
    at = f"{by} at {said.decided_at.astimezone(LONDON):%H:%M}"
    if not entered_later(said.decided_at, said.known_from):
        return at
    entered = said.known_from.astimezone(LONDON)
    return f"{at}, entered later: {entered.day} {entered:%B %Y, %H:%M}"


def parts_of(said: MeetingDecision) -> list[tuple[str, str]]:
    """Give what stands beside the reason, each with its label."""
    risks = "None found" if said.other_risks == "none" else said.other_risks
    by = said.missing_by
    asked = f"{said.missing_from}, by {by.day} {by:%B %Y}" if by else ""
    parts = (
        ("Contingency", said.contingency),
        ("Other risks", risks),
        ("Exit plan", said.exit_plan),
        ("Asked", asked),
        ("Decided all the same, because", said.confirmed),
    )
    return [(label, words) for label, words in parts if words]
