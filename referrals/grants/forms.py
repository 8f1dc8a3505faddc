"""What is typed to say who sees a child."""

from collections.abc import Iterable
from typing import Any

from hub.recording.forms import RecordingForm
from hub.site.fields import day, long_text, pick
from referrals.grants.rules import NO_REASON, Terms

Pairs = Iterable[tuple[str, str]]
WHY = "Why"


class GrantForm(RecordingForm):
    """To whom, why, and until when; `whom`: the agencies, services and people that can be chosen."""

    to = pick("To whom", (), required="Choose to whom")
    because = long_text(
        WHY, required=NO_REASON, hint="What they need to see this child for.", rows=3, longest=500
    )
    until = day(
        "Last day",
        required="Enter the last day",
        hint="They see the child until the end of that day, for example 29/3/2027 or +90.",
    )

    def __init__(self, *args: Any, whom: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = pick("To whom", whom, required="Choose to whom")

    @property
    def terms(self) -> Terms:
        """The reason and the last day, as the rules take them."""
        return Terms(self.cleaned_data["because"], self.cleaned_data["until"])


class BecauseForm(RecordingForm):
    """Only a reason."""

    because = long_text(WHY, required=NO_REASON, rows=3, longest=500)


class ShutOutForm(BecauseForm):
    """Whom to shut out, and why; `people`: those who can be chosen."""

    person = pick("Who", (), required="Choose who")
    field_order = ("person", "because")

    def __init__(self, *args: Any, people: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = pick("Who", people, required="Choose who")
        self.order_fields(self.field_order)
