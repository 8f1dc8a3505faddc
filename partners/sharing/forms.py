"""What is typed to enter a sharing agreement, and to end one."""

from hub.recording.forms import RecordingForm
from hub.site import fields
from partners.agencies.forms import AgencyForm
from partners.sharing.rules import CATEGORIES, REASON_LONGEST, Agreed


class AgreementForm(AgencyForm):
    """With whom, what, and from when to when."""

    categories = fields.several(
        "What its workers may see of the children who are shared with them",
        CATEGORIES.items(),
        required="Tick what is shared",
    )
    starts_on = fields.day("First day", required="Enter the first day")
    ends_on = fields.day("Last day", required="Enter the last day")
    basis = fields.text(
        "Which agreement was signed",
        required="Write which agreement was signed",
        hint="Its title and date, as it is filed",
        longest=200,
        width=30,
    )

    @property
    def agreed(self) -> Agreed:
        """What the form says, once it is clean."""
        typed = self.cleaned_data
        return Agreed(
            tuple(typed["categories"]), typed["starts_on"], typed["ends_on"], typed["basis"]
        )


class EndForm(RecordingForm):
    """Why an agreement ends."""

    reason = fields.long_text(
        "Why does it end?", required="Write why it ends", rows=3, longest=REASON_LONGEST
    )
