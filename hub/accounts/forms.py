"""What is typed to sign in."""

from django import forms

# A phone's keyboard would write a capital letter and mend the spelling.
AS_TYPED = {
    "class": "govuk-input govuk-input--width-20",
    "autocapitalize": "none",
    "spellcheck": "false",
}


class SignInForm(forms.Form):
    """A name and a password; a wrong one is not told from an unknown one."""

    use_required_attribute = False

    username = forms.CharField(
        max_length=80,
        label="User name",
        strip=True,
        error_messages={
            "required": "Enter your user name",
            "max_length": "User names have at most 80 characters. Check what you typed",
        },
        widget=forms.TextInput(attrs={**AS_TYPED, "autocomplete": "username"}),
    )
    password = forms.CharField(
        max_length=200,
        label="Password",
        strip=False,
        error_messages={
            "required": "Enter your password",
            "max_length": "Passwords have at most 200 characters. Check what you typed",
        },
        widget=forms.PasswordInput(attrs={**AS_TYPED, "autocomplete": "current-password"}),
    )
