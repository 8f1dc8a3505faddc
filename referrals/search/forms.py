"""The search box."""

from django import forms

from referrals.search.rules import LONGEST


class SearchForm(forms.Form):
    """What somebody types to find a child; it is sent, never written in an address."""

    use_required_attribute = False

    text = forms.CharField(
        label="Name, date of birth or reference",
        max_length=LONGEST,
        error_messages={
            "required": "Enter a name, a date of birth or a reference",
            "max_length": f"What you look for has at most {LONGEST} letters",
        },
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input govuk-input--width-20",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )
