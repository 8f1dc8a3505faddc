"""What is chosen on the settings page, and by the switch for keys."""

from django import forms

from hub.preferences.models import Density, Keys

KEYS = [(Keys.ON.value, Keys.ON.label), (Keys.OFF.value, Keys.OFF.label)]


def _radios() -> forms.RadioSelect:
    return forms.RadioSelect(attrs={"class": "govuk-radios__input"})


class KeysForm(forms.Form):
    """Keys on or off."""

    use_required_attribute = False

    keys = forms.TypedChoiceField(
        label="Single keys",
        help_text="With keys on, / goes to the search box, j and k go through a list, and g then a"
        " letter goes to a page. Speech input can set keys off by chance: leave them off if you use it.",
        choices=KEYS,
        coerce=Keys,
        error_messages={"required": "Choose whether single keys are on or off"},
        widget=_radios(),
    )


class SettingsForm(KeysForm):
    """All that a person can choose."""

    density = forms.TypedChoiceField(
        label="Rows of work tables",
        choices=Density.choices,
        coerce=Density,
        error_messages={"required": "Choose how high the rows are"},
        widget=_radios(),
    )
