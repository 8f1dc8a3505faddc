"""The form that every recording is made with."""

from uuid import uuid4

from django import forms


class RecordingForm(forms.Form):
    """A form whose sending changes something: it knows what its person saw, and is done once.

    `seen` is the version that was on the screen (empty for a new thing), `once` a key of its own.
    """

    use_required_attribute = False

    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    once = forms.UUIDField(
        initial=uuid4,
        widget=forms.HiddenInput,
        error_messages={
            "required": "This page was out of date. Check what you typed and send it again",
            "invalid": "This page was out of date. Check what you typed and send it again",
        },
    )

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields that are seen, in their order."""
        return self.visible_fields()
