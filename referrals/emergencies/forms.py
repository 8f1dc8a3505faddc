"""What is typed to open a record in an emergency."""

from hub.recording.forms import RecordingForm
from hub.site.fields import choice, day, long_text, text
from referrals.emergencies.rules import HOURS, LONGEST_REASON, NO_HOURS, NO_REASON, Asked

LENGTHS = [(str(hours), f"{hours} hour{'s' if hours > 1 else ''}") for hours in HOURS]


class EmergencyForm(RecordingForm):
    """Whom somebody must see, why, and for how long."""

    reference = text("Child's reference", hint="If you have it, for example C-0412")
    name = text("Child's name", hint="Without a reference: the name and the date of birth")
    born = day("Date of birth", hint="For example 3/5/2012")
    because = long_text(
        "Why you must open this record now",
        required=NO_REASON,
        hint="What has happened, and what danger the child is in. Your reviewer reads this.",
        longest=LONGEST_REASON,
    )
    hours = choice(
        "For how long", LENGTHS, required=NO_HOURS, hint="It ends by itself. You can end it sooner."
    )

    @property
    def asked(self) -> Asked:
        """What was typed, as the rules take it."""
        typed = {name: self.cleaned_data[name] for name in ("reference", "name", "born", "because")}
        return Asked(**typed, hours=int(self.cleaned_data["hours"]))
