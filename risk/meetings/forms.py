"""What is typed at a meeting: a decision, what the panel does with a proposal, a word to the discussion."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import Any, cast

from django import forms

from hub.codes.rules import code_list
from hub.recording.forms import RecordingForm
from hub.site import fields
from partners.agencies.models import Agency
from referrals.measures.rules import SOCIAL_CARE, STRATEGY
from referrals.notes.rules import LONGEST, SEEN_BY
from risk.levels.actions import CURRENT_SCALE
from risk.levels.models import choices_on
from risk.meetings.actions import Agreed, Given
from risk.meetings.models import MeetingSeries
from risk.meetings.rules.calendar import Every
from risk.meetings.rules.others import ANSWERS, SETTLED, Answer
from risk.meetings.rules.plan import Plan
from risk.proposals.rules import Settling, Verdict

NONE, REFER = "none", "refer"
RISKS = ((NONE, "None found"), (REFER, "Found: referred on"))
ACTIONS = 3


def _time_of(typed: str) -> time:
    """Read a time as it is typed: 09:15 or 9.15."""
    try:
        return datetime.strptime(typed.strip().replace(".", ":"), "%H:%M").time()  # noqa: DTZ007  # a time of day has no zone
    except ValueError:
        raise forms.ValidationError("Enter a time as 09:15") from None


class AtMeetingForm(RecordingForm):
    """What every decision is asked: when it was entered afterwards, and about others.

    `matters` are those not settled yet, and no other is asked about.
    """

    decided_at = fields.text(
        "Decided at",
        hint="The time, such as 09:40, where it is entered afterwards",
        longest=5,
        width=5,
    )
    strategy = fields.choice("Strategy discussion", ANSWERS[STRATEGY].items())
    strategy_why = fields.long_text("Why is there no strategy discussion?", rows=2)
    social_care = fields.choice("Referral to social care", ANSWERS[SOCIAL_CARE].items())
    social_care_why = fields.long_text("Why is there no referral to social care?", rows=2)

    def __init__(self, *args: Any, matters: Collection[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        for matter in SETTLED.keys() - set(matters):
            del self.fields[matter], self.fields[f"{matter}_why"]

    def clean_decided_at(self) -> time | None:
        """Read the time; empty is now."""
        typed = self.cleaned_data["decided_at"]
        return _time_of(typed) if typed else None

    @property
    def others(self) -> dict[str, Answer]:
        """The answers by their matter, once the form is clean."""
        typed = self.cleaned_data
        return {m: Answer(typed[m], typed[f"{m}_why"]) for m in SETTLED if m in typed}

    @property
    def other_rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The questions of each matter, for the template."""
        asked = [matter for matter in SETTLED if matter in self.fields]
        return [(matter, [self[matter], self[f"{matter}_why"]]) for matter in asked]


class DecisionForm(AtMeetingForm):
    """What is decided of a child. Nothing is chosen beforehand; the action asks for what an outcome needs."""

    outcome = fields.choice("Decision", (), required="Choose what is decided")
    rationale = fields.long_text("Reason", required="Write the reason for this decision", rows=4)
    other_risks = fields.choice("Other risks", RISKS)
    referred_on = fields.text("Referred on: to whom, and why", longest=300, width=30)
    contingency = fields.long_text("Contingency: what is done if it gets worse", rows=2)
    exit_plan = fields.long_text("Exit plan: what stays in place", rows=2)
    closure_reason = fields.pick("Why it is to be closed", ())
    told = fields.long_text(
        "Who was told?",
        hint="If the child moved: which authority, whom there, and when. At 18: who leads in adult "
        "services, and what the plan is",
        rows=2,
        longest=2_000,
    )
    missing_from = fields.text("What is missing, and from whom", longest=200, width=30)
    missing_by = fields.day("Asked by")
    review_on = fields.day("Review by", hint="Empty for the usual day")
    confirmed = fields.long_text("Why it is decided all the same", rows=2)

    def __init__(
        self,
        *args: Any,
        outcomes: Iterable[tuple[str, str]] = (),
        agencies: Iterable[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["outcome"]).choices = list(outcomes)
        reasons = [("", "Choose one"), *code_list("closure_reasons").items()]
        cast(forms.ChoiceField, self.fields["closure_reason"]).choices = reasons
        named = list(agencies)
        for number in range(1, ACTIONS + 1):
            self.fields[f"what_{number}"] = fields.text("What", longest=300, width=30)
            self.fields[f"who_{number}"] = fields.pick("Who", named)
            self.fields[f"by_{number}"] = fields.day("By", hint="+7 or 29/3/2026")

    def clean(self) -> dict[str, Any]:
        """Ask for the rest of an action that was begun, and to whom other risks were referred."""
        typed = super().clean() or self.cleaned_data
        if typed.get("other_risks") == REFER and not typed.get("referred_on"):
            self.add_error("referred_on", "Write to whom the other risks are referred, and why")
        for number in range(1, ACTIONS + 1):
            self._whole(number, typed)
        return typed

    def _whole(self, number: int, typed: dict[str, Any]) -> None:
        asked = {
            f"what_{number}": "Write what is to be done",
            f"who_{number}": "Choose which agency does it",
            f"by_{number}": "Give the day by which it is done",
        }
        if any(typed.get(name) for name in asked):
            for name, message in asked.items():
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, message)

    @property
    def rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The rows of actions, for the template."""
        return [
            (number, [self[f"{name}_{number}"] for name in ("what", "who", "by")])
            for number in range(1, ACTIONS + 1)
        ]

    @property
    def given(self) -> Given:
        """What the form says, once it is clean."""
        typed = self.cleaned_data
        names = ("outcome", "rationale", "contingency", "exit_plan", "closure_reason", "told",
                 "missing_from", "missing_by", "review_on", "confirmed", "decided_at")  # fmt: skip
        risks = typed["referred_on"] if typed["other_risks"] == REFER else typed["other_risks"]
        return Given(
            **{name: typed[name] for name in names},
            other_risks=risks,
            actions=tuple(self._agreed(typed)),
            others=self.others,
        )

    def _agreed(self, typed: dict[str, Any]) -> Iterable[Agreed]:
        for number in range(1, ACTIONS + 1):
            what, by = typed[f"what_{number}"], typed[f"by_{number}"]
            if what and isinstance(by, date):
                yield Agreed(what, int(typed[f"who_{number}"]), by)


SETTLINGS = (
    (Settling.RATIFY.value, "Ratify what is proposed"),
    (Settling.OTHER_LEVEL.value, "Set another level"),
    (Settling.NOT_YET.value, "Not yet: it stays proposed"),
)


class VerdictForm(AtMeetingForm):
    """What the panel decides of a proposal."""

    outcome = fields.choice("Decision", SETTLINGS, required="Choose what the panel decides")
    rationale = fields.long_text("Reason", required="Write the panel's reason", rows=3)
    level = fields.pick("The level that it sets", ())

    def __init__(self, *args: Any, levels: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        listed = [("", "Choose one"), *levels]
        cast(forms.ChoiceField, self.fields["level"]).choices = listed

    @property
    def verdict(self) -> Verdict:
        """What the form says, once it is clean."""
        typed = self.cleaned_data
        settling = Settling(typed["outcome"])
        level = typed["level"] if settling is Settling.OTHER_LEVEL else ""
        return Verdict(settling, typed["rationale"], level)


class PastForm(RecordingForm):
    """The day of a meeting that was held on paper."""

    day = fields.day(
        "On which day was it held?", required="Enter the day", hint="For example 29/3/2016 or -1"
    )


class AddForm(RecordingForm):
    """A child whom somebody puts on the agenda by hand."""

    child = fields.text("Child", required="Enter the child's reference", hint="The hub's number")
    why = fields.text(
        "Why?", required="Write why the meeting should see this child", longest=300, width=30
    )


class WordForm(RecordingForm):
    """A word to the discussion of a child, with who may see it."""

    text = fields.long_text(
        "Your agency's words", required="Write what your agency says", rows=2, longest=LONGEST
    )
    seen_by = fields.pick(
        "Who may see it",
        [(code, words) for code, words in SEEN_BY.items() if code != "named"],
        required="Choose who may see it",
    )


class PaperForm(forms.Form):
    """For whom a meeting's paper is taken out; `choices` are the days or the agencies that there are."""

    use_required_attribute = False

    which = fields.choice("", (), required="Choose one")
    recipient = fields.text(
        "Who is it for?",
        required="Enter who it is for",
        hint="Name and agency of each who will have it",
        longest=200,
        width=30,
    )

    def __init__(
        self, *args: Any, label: str, choices: Iterable[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        asked = cast(forms.ChoiceField, self.fields["which"])
        asked.label, asked.choices = label, list(choices)


class TakeBackForm(RecordingForm):
    """Why a decision is taken back."""

    reason = fields.long_text(
        "Why is it taken back?", required="Write why this decision is taken back", rows=2
    )


class DoneForm(RecordingForm):
    """What came of an action."""

    came_of_it = fields.long_text(
        "What came of it?",
        required="Write what came of it, or why it could not be done",
        hint="Whether it brought about what it was meant to",
        rows=3,
    )


WEEKDAYS = (
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
)
RHYTHMS = (
    (Every.WEEK.value, "On these days of the week"),
    (Every.MONTH.value, "Once a month, on the first of this weekday"),
)


class PlanForm(RecordingForm):
    """How a meeting is held."""

    name = fields.text("Name", required="Enter the meeting's name", longest=80)
    takes = fields.choice(
        "What its agenda holds", MeetingSeries.Takes.choices, required="Choose what it sees"
    )
    levels = fields.several("Levels, where it sees open episodes", ())
    most = fields.text("At most so many cases", hint="Empty for all", longest=3, width=5)
    settles = fields.tick("It settles proposals", hint="As the Thursday panel does")
    every = fields.choice("How often", RHYTHMS, required="Choose how often it is held")
    weekdays = fields.several("Days", WEEKDAYS, required="Choose at least one day")
    weeks = fields.text("Every so many weeks", hint="Empty for every week", longest=2, width=5)
    starts_at = fields.text("Begins at", required="Enter a time as 09:15", longest=5, width=5)
    missing_on = fields.several(
        "Days on which the missing coordinator comes", WEEKDAYS, hint="None, if nobody does"
    )
    missing_at = fields.text(
        "The missing coordinator comes at", hint="A time as 09:30", longest=5, width=5
    )
    quorum = fields.several("Who must be there", Agency.Kind.choices)
    since = fields.day("From", required="Enter the first day")
    until = fields.day("Until", hint="The last day; empty while it goes on")
    terms = fields.long_text("Terms of reference", rows=4)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        levels = cast(forms.MultipleChoiceField, self.fields["levels"])
        levels.choices = choices_on(CURRENT_SCALE)

    def clean_starts_at(self) -> time:
        """Read the time as it is typed: 09:15 or 9.15."""
        return _time_of(self.cleaned_data["starts_at"])

    def clean_missing_at(self) -> time | None:
        """Read the time; empty where nobody comes."""
        typed = self.cleaned_data["missing_at"]
        return _time_of(typed) if typed else None

    def clean_most(self) -> int | None:
        """Read the number."""
        return self._number("most", "Enter how many cases at most, from 1 to 200")

    def clean_weeks(self) -> int:
        """Read the number; empty is every week."""
        return self._number("weeks", "Enter a number of weeks from 1 to 52") or 1

    def _number(self, name: str, message: str) -> int | None:
        typed = self.cleaned_data[name].strip()
        if not typed:
            return None
        if not (typed.isascii() and typed.isdecimal() and int(typed) > 0):
            raise forms.ValidationError(message)
        return int(typed)

    @property
    def plan(self) -> Plan:
        """What the form says, once it is clean."""
        typed = self.cleaned_data
        as_typed = (
            "name",
            "takes",
            "most",
            "settles",
            "weeks",
            "starts_at",
            "missing_at",
            "since",
            "until",
            "terms",
        )
        return Plan(
            **{name: typed[name] for name in as_typed},
            every=Every(typed["every"]),
            weekdays=tuple(sorted(map(int, typed["weekdays"]))),
            levels=tuple(typed["levels"]),
            quorum=tuple(typed["quorum"]),
            missing_on=tuple(sorted(map(int, typed["missing_on"]))),
        )
