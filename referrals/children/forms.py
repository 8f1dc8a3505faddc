"""What is typed to record a child: details, other names, addresses and statuses."""

from collections.abc import Iterable
from typing import Any

from django import forms

from hub.codes.rules import code_list
from hub.recording.forms import RecordingForm
from hub.site.fields import choice, day, long_text, pick, text, tick
from referrals.children.models import GENDERS, Alias, CareStatus
from referrals.children.rules.details import (
    Details,
    nhs_number_problem,
    plain_number,
    upn_problem,
)
from referrals.children.rules.spells import Held, Where, plain_postcode, postcode_problem

Pairs = Iterable[tuple[str, str]]
Values = dict[str, Any]

LEARNING: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}
WHY = "Why it is corrected"
WHY_HINT = "It is read beside the old version, which is kept."
NO_REASON = "Write why it is corrected"
WARD_HINT = "Leave it empty for an address in another district."
DAY_HINT = "For example 29/3/2016, today, or -1 for yesterday"
UNTIL_HINT = "The first day on which it no longer held. Leave it empty while it does."


def _ethnicities() -> list[tuple[str, str]]:
    return [(code, entry.label) for code, entry in code_list("ethnicity").items()]


class DetailsForm(RecordingForm):
    """Who a child is. `old`: what is stored; a number that an extract brought so is left alone."""

    forenames = text("Forenames", required="Enter the forenames")
    surname = text("Surname", required="Enter the surname")
    date_of_birth = day(
        "Date of birth", required="Enter the date of birth", hint="For example 3/5/2010"
    )
    gender = choice("Gender", GENDERS, required="Choose the gender, or that it is not known")
    ethnicity = pick("Ethnicity", _ethnicities, hint="As the child or the family says it.")
    nhs_number = text("NHS number", hint="Ten digits, if it is known", longest=20, width=10)
    upn = text(
        "Pupil number (UPN)",
        hint="A letter, eleven digits, and a digit or a letter, if it is known",
        longest=20,
        width=20,
    )
    learning_disability = choice(
        "Learning disability",
        [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
        required="Choose whether there is a learning disability, or that it is not known",
    )

    def __init__(self, *args: Any, old: Details | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._old_details = old

    def clean_nhs_number(self) -> str:
        """Write it plainly and try its check digit."""
        number = plain_number(self.cleaned_data["nhs_number"])
        stored = self._old_details is not None and number == self._old_details.nhs_number
        return number if stored else _tried(number, nhs_number_problem)

    def clean_upn(self) -> str:
        """Write it plainly and try its check letter."""
        upn = plain_number(self.cleaned_data["upn"])
        stored = self._old_details is not None and upn == self._old_details.upn
        return upn if stored else _tried(upn, upn_problem)

    @property
    def details(self) -> Details:
        """What was typed, as the rules take it."""
        typed = {name: self.cleaned_data[name] for name in Details.__dataclass_fields__}
        return Details(**typed | {"learning_disability": LEARNING[typed["learning_disability"]]})


def _tried(written: str, problem: Any) -> str:
    fault = problem(written) if written else ""
    if fault:
        raise forms.ValidationError(fault)
    return written


def details_values(details: Details) -> Values:
    """Write stored details as the form has them."""
    learning = next(
        word for word, is_so in LEARNING.items() if is_so is details.learning_disability
    )
    return vars(details) | {"learning_disability": learning}


class CorrectDetailsForm(DetailsForm):
    """Who a child is, put right."""

    reason = long_text(WHY, required=NO_REASON, hint=WHY_HINT, rows=3, longest=1000)


class AliasForm(RecordingForm):
    """Another name."""

    name = text("Name", required="Enter the name")
    kind = choice("What kind of name it is", Alias.Kind.choices, required="Choose the kind of name")


class ReasonForm(RecordingForm):
    """Why something that was recorded does not hold at all."""

    reason = long_text(
        "Why it is withdrawn",
        required="Write why it is withdrawn",
        hint="It stays readable as withdrawn, with this reason on the trail.",
        rows=3,
        longest=1000,
    )


class EndForm(RecordingForm):
    """That something no longer holds."""

    to_date = day("It ended on", required="Enter the day on which it ended", hint=DAY_HINT)
    reason = long_text("Why it ended", required="Write why it ended", rows=3, longest=1000)


class WhereForm(RecordingForm):
    """Where a child lives. `wards`: the partnership's own, code and name."""

    line = text("Address", longest=200, width=30, hint="House and street, if it is known")
    postcode = text("Postcode", longest=10, width=10, hint="Its first part is enough, such as BD1")
    ward = pick("Ward", [], hint=WARD_HINT)
    out_of_area = tick("Out of the area: the child lives in another district")
    confidential = tick("Confidential: only those who see the whole case may see this address")
    from_date = day(
        "Lived there from", required="Enter the day from which the child lived there", hint=DAY_HINT
    )

    def __init__(
        self, *args: Any, wards: Pairs = (), old: Where | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._old_where = old
        # A ward of another district, which an extract may bring, stays as it is.
        listed = dict(wards) | ({old.ward: dict(wards).get(old.ward, old.ward)} if old else {})
        own = [(code, name) for code, name in listed.items() if code]
        self.fields["ward"] = pick("Ward", own, hint=WARD_HINT)

    def clean_postcode(self) -> str:
        """Write it as it is stored; one that an extract brought so is left alone."""
        typed: str = self.cleaned_data["postcode"]
        if self._old_where is not None and typed == self._old_where.postcode:
            return typed
        return _tried(plain_postcode(typed), postcode_problem)

    @property
    def where(self) -> Where:
        """What was typed, as the rules take it."""
        names = (name for name in Where.__dataclass_fields__ if name in self.cleaned_data)
        return Where(**{name: self.cleaned_data[name] for name in names})


class NewAddressForm(WhereForm):
    """Where a child lives from a day on. `former`: an address is still held, so its end is asked."""

    former = choice(
        "Does the child still live at the former address?",
        [
            ("ends", "No: the former address ended on the day this one began"),
            ("stays", "Yes: the child lives at both"),
        ],
        required="Choose whether the child still lives at the former address",
    )

    def __init__(self, *args: Any, former: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not former:
            del self.fields["former"]


class CorrectAddressForm(WhereForm):
    """An address, put right."""

    to_date = day("Until", hint=UNTIL_HINT)
    reason = long_text(WHY, required=NO_REASON, hint=WHY_HINT, rows=3, longest=1000)


class StatusForm(RecordingForm):
    """How social care holds a child."""

    status = choice("Status", CareStatus.Kind.choices, required="Choose the status")
    from_date = day("From", required="Enter the day from which it held", hint=DAY_HINT)
    to_date = day("Until", hint=UNTIL_HINT)

    @property
    def held(self) -> Held:
        """What was typed, as the rules take it."""
        return Held(**{name: self.cleaned_data[name] for name in Held.__dataclass_fields__})


class CorrectStatusForm(StatusForm):
    """A status, put right."""

    reason = long_text(WHY, required=NO_REASON, hint=WHY_HINT, rows=3, longest=1000)
