"""What an administrator types about their people, and what a person types to start anew."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from hub.accounts.forms import AS_TYPED, DIFFER
from hub.accounts.forms import password as ask_password
from hub.recording.forms import RecordingForm
from hub.site import fields
from partners.people.rules import REASON_LONGEST

# An agency's name, and the roles that can be given there with their values.
Places = Iterable[tuple[str, list[tuple[str, str]]]]


class ReasonForm(RecordingForm):
    """Why it is done."""

    reason = fields.long_text("Why?", required="Write the reason", rows=3, longest=REASON_LONGEST)


class PostForm(RecordingForm):
    """A post: as what and where, of those that the administrator can give; from when."""

    place = fields.pick("Role and agency", (), required="Choose the role")
    starts_on = fields.day("First day", required="Enter the first day")

    def __init__(self, *args: Any, places: Places = (), **options: Any) -> None:
        super().__init__(*args, **options)
        place = cast(forms.ChoiceField, self.fields["place"])
        place.choices = [("", "Choose one"), *places]


class ChangeForm(RecordingForm):
    """As what a person goes on in their agency, and why."""

    role = fields.pick("New role", (), required="Choose the role")
    reason = fields.long_text("Why?", required="Write the reason", rows=3, longest=REASON_LONGEST)

    def __init__(self, *args: Any, roles: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        role = cast(forms.ChoiceField, self.fields["role"])
        role.choices = [("", "Choose one"), *roles]


class NewlyQualifiedForm(RecordingForm):
    """From when to when a social worker is newly qualified."""

    starts_on = fields.day("First day", required="Enter the first day")
    ends_on = fields.day(
        "Last day",
        required="Enter the last day",
        hint="Until then they lead no case in which CSE is feared",
    )


class PersonForm(PostForm):
    """A new colleague with their first post."""

    name = fields.text("Full name", required="Enter the person's full name", longest=120, width=20)
    username = fields.text(
        "User name",
        required="Enter a user name",
        hint="With it they sign in. It cannot be changed later",
        longest=80,
        width=20,
    )
    field_order = ("name", "username", "place", "starts_on")


class RenewForm(forms.Form):
    """A user name, the code that was read out, and a password of one's own, twice."""

    use_required_attribute = False

    username = forms.CharField(
        max_length=80,
        label="User name",
        error_messages={
            "required": "Enter your user name",
            "max_length": "User names have at most 80 characters. Check what you typed",
        },
        widget=forms.TextInput(attrs={**AS_TYPED, "autocomplete": "username"}),
    )
    code = forms.CharField(
        max_length=40,
        label="The code that was read out to you",
        error_messages={
            "required": "Enter the code",
            "max_length": "The code is shorter than that",
        },
        widget=forms.TextInput(attrs={**AS_TYPED, "autocomplete": "one-time-code"}),
    )
    password = ask_password(
        "A new password, of at least 12 characters", "new-password", "Enter a new password"
    )
    again = ask_password("The same password, once more", "new-password", "Enter the password again")

    def clean(self) -> dict[str, Any]:
        """Compare the two passwords."""
        typed = self.cleaned_data
        if "password" in typed and "again" in typed and typed["password"] != typed["again"]:
            self.add_error("again", DIFFER)
        return typed
