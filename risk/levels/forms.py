"""What is typed to set a level, to put one right, and to take one back."""

from datetime import date
from typing import Any, cast

from django import forms

from hub.recording.forms import RecordingForm
from hub.site import fields
from risk.levels.models import RiskLevel
from risk.levels.rules import NO_REASON, Decision

AGREED = "At which meeting was it agreed?"
TOOL = "The version that was in use on the level's day; a superseded one is refused"
FALLS = "A fall waits for the Thursday panel. Where it could not wait, say why in the reason"


class LevelForm(RecordingForm):
    """A level with its reason; nothing is chosen beforehand but the day."""

    level = fields.choice("Level", (), required="Choose a level")
    rationale = fields.long_text(
        "Reason",
        required=NO_REASON.rstrip("."),
        hint="What is known, what the agencies think, and who disagrees",
    )
    agreed = fields.choice(
        AGREED, RiskLevel.Agreed.choices, required="Choose where it was agreed", hint=FALLS
    )
    set_on = fields.day("From", required="Enter the day from which the level holds")
    tool = fields.pick("Which assessment does it rest on?", (), hint=TOOL)
    review_on = fields.day("Review by")

    def __init__(
        self,
        *args: Any,
        levels: list[tuple[str, str]],
        tools: list[tuple[str, str]],
        reviews: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._offer(tools)
        level = cast(forms.ChoiceField, self.fields["level"])
        level.choices = levels
        if "review_on" in self.fields:
            self.fields["review_on"].help_text = reviews

    def _offer(self, tools: list[tuple[str, str]]) -> None:
        """Offer the versions there are; a partnership that keeps no tools is not asked."""
        if not tools:
            del self.fields["tool"]
            return
        tool = cast(forms.ChoiceField, self.fields["tool"])
        tool.choices = [("", "None, or not recorded"), *tools]

    @property
    def decision(self) -> Decision:
        """What the form says, once it is clean."""
        names = ("level", "set_on", "rationale", "agreed")
        tool = self.cleaned_data.get("tool")
        return Decision(
            **{name: self.cleaned_data[name] for name in names}, tool=int(tool) if tool else None
        )

    @property
    def review(self) -> date | None:
        """The review that was chosen; None: the one that the level brings."""
        chosen: date | None = self.cleaned_data["review_on"]
        return chosen


class CorrectLevelForm(LevelForm):
    """A level put right, and why; an extract does not say where it was agreed."""

    agreed = fields.choice(AGREED, [("", "Not recorded"), *RiskLevel.Agreed.choices])
    review_on = None  # type: ignore[assignment]  # Django's way of leaving out an inherited field
    reason = fields.long_text(
        "Why is it corrected?",
        required="Write why this is corrected: it is read beside the old version",
        rows=2,
    )


class WithdrawLevelForm(RecordingForm):
    """Why a level is taken back."""

    reason = fields.long_text(
        "Why is it withdrawn?",
        required="Write why this level is withdrawn",
        hint="For example: it was about another child. Name nobody here",
        rows=3,
    )
