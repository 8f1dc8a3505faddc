"""What is typed to record an episode, its closing, and who holds it."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from hub.codes.rules import code_list
from hub.recording.forms import RecordingForm
from hub.site import fields
from referrals.episodes.rules import Closing, Referral

WHY = "Why is it corrected?"
NO_WHY = "Write why this is corrected: it is read beside the old version"
ONE_PERSON = "Choose a person from the list, or give a name: one of the two"
LEAD, BESIDE = "lead", "beside"
PARTS = ((LEAD, "Leads the episode"), (BESIDE, "Works on it beside the lead"))
WAS_CLOSED, WAS_OPEN = "closed", "open"
CLOSED_OR_NOT = (
    (WAS_CLOSED, "It was closed, on this day and for this reason"),
    (WAS_OPEN, "It was not closed: the episode goes on as before"),
)


def _listed(name: str) -> list[tuple[str, str]]:
    return [(entry.code, entry.label) for entry in code_list(name).values()]


class ReferralForm(RecordingForm):
    """How a concern reached the hub."""

    referred_on = fields.day("Referred on", required="Enter the day of the referral")
    referral_source = fields.pick(
        "Who referred the child",
        _listed("referral_sources"),
        required="Choose who referred the child",
        hint="If nobody knows, choose Unknown",
    )
    referring_agency = fields.text(
        "Referring agency",
        hint="For example the name of the school. Leave it empty if there is none",
    )
    exploitation_types = fields.several(
        "Kinds of exploitation feared",
        _listed("exploitation_types"),
        required="Choose the kinds of exploitation that are feared: at least one",
    )

    def __init__(self, *args: Any, kinds: Iterable[str] = (), **options: Any) -> None:
        """Offer the kinds of the list, and those which an extract gave this episode besides."""
        super().__init__(*args, **options)
        types = cast(forms.MultipleChoiceField, self.fields["exploitation_types"])
        listed = _listed("exploitation_types")
        unlisted = [kind for kind in kinds if kind not in dict(listed)]
        types.choices = [*listed, *((kind, kind) for kind in unlisted)]

    @property
    def referral(self) -> Referral:
        """What the form says, once it is clean."""
        answers = self.cleaned_data
        return Referral(
            referred_on=answers["referred_on"],
            source=answers["referral_source"],
            agency=answers["referring_agency"],
            types=tuple(answers["exploitation_types"]),
        )


class CorrectReferralForm(ReferralForm):
    """A referral put right, and why."""

    reason = fields.long_text(WHY, required=NO_WHY, rows=2)


class CloseForm(RecordingForm):
    """When and why an episode is closed."""

    closed_on = fields.day("Closed on", required="Enter the day of the closing")
    closure_reason = fields.pick(
        "Reason", _listed("closure_reasons"), required="Choose why the episode is closed"
    )
    reason = fields.long_text(
        "Why, in words",
        required="Write why the episode is closed: it is read when the child is referred again",
        hint="Say which meeting agreed it, and what is in place for the child now",
    )

    @property
    def closing(self) -> Closing:
        """What the form says, once it is clean."""
        return Closing(self.cleaned_data["closed_on"], self.cleaned_data["closure_reason"])


class CorrectClosingForm(CloseForm):
    """A closing that was recorded wrongly, put right or taken away."""

    closed = fields.choice(
        "What is right?", CLOSED_OR_NOT, required="Choose whether the episode was closed"
    )
    closed_on = fields.day("Closed on")
    closure_reason = fields.pick("Reason", _listed("closure_reasons"))
    reason = fields.long_text(WHY, required=NO_WHY, rows=2)

    field_order = ("closed", "closed_on", "closure_reason", "reason")

    def clean(self) -> dict[str, Any]:
        """Ask for the day and the reason where it was closed."""
        answers = super().clean() or self.cleaned_data
        if answers.get("closed") == WAS_CLOSED:
            if "closed_on" not in self.errors and not answers.get("closed_on"):
                self.add_error("closed_on", "Enter the day of the closing")
            if "closure_reason" not in self.errors and not answers.get("closure_reason"):
                self.add_error("closure_reason", "Choose why the episode was closed")
        return answers

    @property
    def put_right(self) -> Closing | None:
        """What the form says, once it is clean; None: the episode was not closed."""
        return self.closing if self.cleaned_data["closed"] == WAS_CLOSED else None


class AllocateForm(RecordingForm):
    """Who holds an episode from a day on: one who has a post here, or somebody by name."""

    lead = fields.choice("Part", PARTS, required="Choose whether the person leads the episode")
    worker = fields.pick("Person", (), hint="People of this partnership who see cases")
    worker_name = fields.text(
        "Or a name, if the person is not in the list",
        hint="Somebody who does not sign in here: the name is shown, and nothing is opened to them",
    )
    agency = fields.pick("Agency of that person", ())
    from_date = fields.day("From", required="Enter the first day")

    def __init__(
        self,
        *args: Any,
        people: Iterable[tuple[str, str]] = (),
        agencies: Iterable[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        worker = cast(forms.ChoiceField, self.fields["worker"])
        worker.choices = [("", "Choose one"), *people]
        agency = cast(forms.ChoiceField, self.fields["agency"])
        agency.choices = [("", "Not recorded"), *agencies]

    def clean(self) -> dict[str, Any]:
        """Ask for one person, from the list or by name."""
        answers = super().clean() or self.cleaned_data
        if bool(answers.get("worker")) == bool(answers.get("worker_name")):
            self.add_error("worker", ONE_PERSON)
        return answers


class EndAllocationForm(RecordingForm):
    """When a worker's time with an episode ended, and why."""

    to_date = fields.day(
        "Until", required="Enter the day", hint="From this day on the person holds it no more"
    )
    reason = fields.long_text("Why does it end?", required="Write why it ends", rows=2)
