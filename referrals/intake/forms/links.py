"""Asking for a one-time link, and sending one."""

from typing import Any

from django import forms

from hub.recording.forms import RecordingForm
from hub.site import fields
from partners.partnerships.models import Partnership
from referrals.intake.forms.steps import email_field


class LinkForm(RecordingForm):
    """To whom a one-time link goes."""

    email = email_field(
        "E-mail address", required="Enter an e-mail address, like name@school.example"
    )


class AskForm(forms.Form):
    """A stranger's asking for a link: at which hub, and where it is to go."""

    use_required_attribute = False
    hub = fields.choice("Which hub?", (), required="Choose the hub")
    email = email_field(
        "Your work e-mail address",
        required="Enter your work e-mail address, like name@school.example",
        hint="The link goes there",
    )

    def __init__(self, *args: Any, hubs: list[Partnership], **options: Any) -> None:
        super().__init__(*args, **options)
        self.hubs = {str(hub.pk): hub for hub in hubs}
        choices = [(number, hub.name) for number, hub in self.hubs.items()]
        asked = self.fields["hub"]
        assert isinstance(asked, forms.ChoiceField)  # noqa: S101  # for the type alone
        asked.choices = choices

    @property
    def partnership(self) -> Partnership:
        """The hub that was chosen, once the form is clean."""
        return self.hubs[self.cleaned_data["hub"]]
