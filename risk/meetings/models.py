"""Meetings that decide: how they are set up, when one was held, its agenda, what it decided."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hub.access.models import ScopedQuerySet
from hub.facts.models import Fact, FactQuerySet, fact_meta_constraints, one_current
from partners.agencies.models import Agency
from partners.partnerships.models import Partnership
from referrals.children.models import Child
from referrals.episodes.models import Episode
from risk.levels.models import RiskLevel
from risk.meetings.rules.calendar import Every, Rhythm
from risk.meetings.rules.effects import Effect
from risk.proposals.models import Proposal

if TYPE_CHECKING:
    from datetime import date, time


class SeriesQuerySet(ScopedQuerySet["MeetingSeries"]):
    """The partnership's meetings as they are set up; they tell of no child."""

    def running_on(self, day: "date") -> Self:
        """Keep those that are held at that time, by their hour."""
        ended = Q(until__isnull=False, until__lt=day)
        return self.filter(since__lte=day).exclude(ended).order_by("starts_at", "code")


class MeetingSeries(models.Model):
    """A meeting of the partnership as it is set up: when, about whom, who must be there, what it may do.

    `takes` says what its agenda holds; `levels` narrows it and `most` caps it (Kirklees: at most ten low
    cases, those longest undiscussed first). `terms` are its terms of reference (Bradford report 2016,
    Appendix 4, recommendation 8). `missing_on` are the weekdays on which the missing coordinator comes, at
    `missing_at` (Kirklees: twice a week; overview of July 2016).
    """

    class Takes(models.TextChoices):
        """What an agenda is made of."""

        DAYS_LIST = "days_list", "What the day's list holds"
        PROPOSALS = "proposals", "What waits for the panel"
        LEVELS = "levels", "Open episodes at the levels below"

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="meetings", db_index=False
    )
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    terms = models.TextField(default="")
    takes = models.CharField(max_length=12, choices=Takes.choices)
    levels = ArrayField(models.CharField(max_length=20), default=list)
    most = models.PositiveSmallIntegerField(null=True)
    settles = models.BooleanField(default=False, help_text="whether it settles proposals")
    every = models.CharField(max_length=6, choices=[(e.value, e.value) for e in Every])
    weeks = models.PositiveSmallIntegerField(default=1)
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    starts_at = models.TimeField()
    missing_on = ArrayField(models.PositiveSmallIntegerField(), default=list, db_default=[])
    missing_at = models.TimeField(null=True, help_text="when the missing coordinator comes")
    quorum = ArrayField(models.CharField(max_length=20), default=list)
    since = models.DateField()
    until = models.DateField(null=True, help_text="the last day, included")

    objects = SeriesQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partnership", "code"], name="risk_meetingseries_once")
        ]

    def __str__(self) -> str:
        return self.name

    def missing_slot(self, day: "date") -> "time | None":
        """Give when the missing coordinator comes to the meeting of a day; None where nobody does."""
        return self.missing_at if day.weekday() in self.missing_on else None

    @property
    def rhythm(self) -> Rhythm:
        """When it takes place."""
        return Rhythm(Every(self.every), tuple(self.weekdays), self.since, self.weeks)


class MeetingQuerySet(ScopedQuerySet["Meeting"]):
    """Meetings held, for those who see whole cases."""

    def running(self) -> Self:
        """Keep those that are not finished."""
        return self.filter(finished_at__isnull=True)


class Meeting(models.Model):
    """A meeting on a day. `version` grows with each change, so that the others' screens know of it.

    `recorded_at` is the recorder's last deed: after some idle minutes anybody may take over.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    series = models.ForeignKey(MeetingSeries, on_delete=models.PROTECT, related_name="held")
    held_on = models.DateField()
    opened_at = models.DateTimeField()
    recorder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    finished_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "held_on"], name="risk_meeting_once_a_day")
        ]
        indexes: ClassVar = [
            models.Index(fields=["partnership", "-held_on"], name="risk_meeting_latest")
        ]

    def __str__(self) -> str:
        return f"{self.series_id} on {self.held_on}"


class AttendanceQuerySet(ScopedQuerySet["Attendance"]):
    """Which agencies were at the table."""

    def there(self) -> Self:
        """Keep those that have not left."""
        return self.filter(left_at__isnull=True)


class Attendance(models.Model):
    """An agency at a meeting, from when until when."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "agency"],
                condition=Q(left_at__isnull=True),
                name="risk_attendance_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} at {self.meeting_id}"


class ItemQuerySet(ScopedQuerySet["MeetingItem"]):
    """Items of agendas, for those who see the child's whole case."""

    def undecided(self) -> Self:
        """Keep those that wait for a decision."""
        return self.filter(state=MeetingItem.State.WAITING)


class MeetingItem(models.Model):
    """A child on a meeting's agenda, with why; one of a panel is about a proposal.

    `version` is compared when it is decided, so that nobody decides over another.
    """

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "To be decided"
        DECIDED = "decided", "Decided"
        CARRIED = "carried", "Carried to the next meeting"

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="meeting_items", db_index=False
    )
    proposal = models.ForeignKey(
        Proposal, null=True, on_delete=models.PROTECT, related_name="items", db_index=False
    )
    group = models.CharField(max_length=20)
    why = ArrayField(models.CharField(max_length=300), default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    version = models.PositiveIntegerField(default=1)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "number"], name="risk_meetingitem_number"),
            models.UniqueConstraint(fields=["meeting", "episode"], name="risk_meetingitem_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["episode", "meeting"], name="risk_meetingitem_of_episode"),
            models.Index(
                fields=["child"],
                name="risk_meetingitem_of_child",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.meeting_id}"


class DecisionQuerySet(FactQuerySet["MeetingDecision"]):
    """What meetings decided, for those who see the child's whole case."""


class MeetingDecision(Fact):
    """What a meeting decided of an item, with its reason; one that was taken back stays readable.

    `outcome` is a level, a closing, "not decided yet", or what the panel does with a proposal. `level` is
    the fact that it set, `proposal` the one it made or settled. `decided_at` is when it was decided:
    earlier than `known_from` where it was entered after a day without power. `confirmed` is why it was
    decided where the chair or the manager had to stand behind it. `measures` are the numbers of those that
    were recorded with it (referrals/measures): they are taken back with it.
    """

    item = models.ForeignKey(
        MeetingItem, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    outcome = models.CharField(max_length=20)
    effect = models.CharField(max_length=10, choices=[(e.value, e.value) for e in Effect])
    level = models.ForeignKey(
        RiskLevel, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    proposal = models.ForeignKey(
        Proposal, null=True, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    rationale = models.TextField()
    contingency = models.TextField(default="")
    other_risks = models.TextField(default="", help_text="what was referred on; empty: none found")
    exit_plan = models.TextField(default="")
    closure_reason = models.CharField(max_length=20, default="")
    missing_from = models.CharField(max_length=200, default="")
    missing_by = models.DateField(null=True)
    confirmed = models.TextField(default="")
    measures = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    decided_at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_meetingdecision_current", "item"),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(superseded_at__isnull=True),
                name="risk_meetingdecision_one",
            ),
        )
        indexes: ClassVar = [
            models.Index(fields=["episode", "decided_at"], name="risk_decision_of_episode")
        ]

    def __str__(self) -> str:
        return f"{self.outcome} of item {self.item_id}"


class TaskQuerySet(ScopedQuerySet["MeetingTask"]):
    """Actions that meetings agreed, for those who see the child's whole case."""

    def open(self) -> Self:
        """Keep those that are not done, by their day."""
        return self.filter(done_at__isnull=True).order_by("due_on", "pk")


class MeetingTask(models.Model):
    """An action that was agreed for a child: what, by which agency, by when; done, with what came of it.

    What it was to bring about and whether it did is asked for by the outcome framework of the morning
    meeting (Bradford report 2016, Appendix 4, recommendation 8).
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="tasks", db_index=False
    )
    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="tasks")
    what = models.CharField(max_length=300)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    due_on = models.DateField()
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    came_of_it = models.TextField(default="")

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True, came_of_it="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(came_of_it="")),
                name="risk_meetingtask_done",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["agency", "due_on"],
                condition=Q(done_at__isnull=True),
                name="risk_meetingtask_owed",
            ),
            models.Index(fields=["child"], name="risk_meetingtask_of_child"),
        ]

    def __str__(self) -> str:
        return f"action {self.pk}"
