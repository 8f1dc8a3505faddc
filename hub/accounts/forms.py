"""What is typed to sign in, and to say how one does."""

from typing import Any

from allauth.account.fields import SetPasswordField
from allauth.account.forms import ChangePasswordForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MFAReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms

LONGEST = "Passwords have at most 200 characters. Check what you typed"
NO_PASSKEY = "Your device made no passkey. Try again, on a device that asks for finger, face or PIN"
DIFFER = "The two passwords differ. Type both once more"
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
            "max_length": LONGEST,
        },
        widget=forms.PasswordInput(attrs={**AS_TYPED, "autocomplete": "current-password"}),
    )


CODE = {
    "class": "govuk-input govuk-input--width-10",
    "autocomplete": "one-time-code",
    "autocapitalize": "none",
    "spellcheck": "false",
}


def password(label: str, autocomplete: str, missing: str) -> forms.CharField:
    """Ask for a password, taken as it is typed; `missing` is said where it is empty."""
    return forms.CharField(
        max_length=200,
        label=label,
        strip=False,
        error_messages={
            "required": missing,
            "max_length": LONGEST,
        },
        widget=forms.PasswordInput(attrs={**AS_TYPED, "autocomplete": autocomplete}),
    )


def _code(label: str) -> forms.CharField:
    # Not a number field: a code may begin with 0, and may be pasted with a space in it.
    return forms.CharField(
        max_length=20,
        label=label,
        error_messages={"required": "Enter the code", "max_length": "Codes are shorter than that"},
        widget=forms.TextInput(attrs=CODE),
    )


class CodeForm(AuthenticateForm):  # type: ignore[misc]  # allauth has no types of its own
    """The second factor at sign-in: a code of the telephone, or one of those kept for a lost one."""

    use_required_attribute = False
    code = _code("Code from your telephone, or a recovery code")


class CodeAgainForm(MFAReauthenticateForm):  # type: ignore[misc]  # likewise
    """A code before something that only the person themselves may do."""

    use_required_attribute = False
    code = _code("Code from your telephone, or a recovery code")


class PhoneForm(ActivateTOTPForm):  # type: ignore[misc]  # likewise
    """The first code of a telephone, which shows that it holds the secret."""

    use_required_attribute = False
    code = _code("The code that your telephone shows now")


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # likewise
    """A new passkey: its name; the browser adds what the device made.

    A passkey here always stands for both factors: the device asks for a finger, a face or a PIN.
    """

    use_required_attribute = False
    name = forms.CharField(
        required=False,
        max_length=60,
        label="Name of this passkey",
        error_messages={"max_length": "A name has at most 60 characters. Shorten it"},
        help_text="So that you know it again, such as: telephone, work laptop",
        widget=forms.TextInput(attrs={"class": "govuk-input govuk-input--width-20"}),
    )
    passwordless = forms.BooleanField(required=True, initial=True, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("credential", "passwordless"):
            self.fields[name].error_messages["required"] = NO_PASSKEY


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]  # likewise
    """The password before something that only the person themselves may do."""

    use_required_attribute = False
    password = password("Password", "current-password", "Enter your password")


class PasswordChangeForm(ChangePasswordForm):  # type: ignore[misc]  # likewise
    """A new password, typed twice."""

    use_required_attribute = False
    oldpassword = password(
        "The password that you use now", "current-password", "Enter the password that you use now"
    )
    password1 = SetPasswordField(
        label="New password",
        max_length=200,
        help_text="At least 12 characters. Three unrelated words are good. No names that people here know.",
        error_messages={"required": "Enter a new password", "max_length": LONGEST},
    )
    password2 = password("New password, once more", "new-password", "Enter the new password again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].widget.attrs = {**AS_TYPED, "autocomplete": "new-password"}

    def clean(self) -> dict[str, Any]:
        """Refuse the old password as the new one: it may be known to somebody."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if "password2" in self.errors and self.data.get("password2"):
            self.errors["password2"] = self.error_class([DIFFER])
        if typed.get("password1") and typed["password1"] == typed.get("oldpassword"):
            self.add_error("password1", "This is the password that you use now. Choose another")
        return typed


class ConductForm(forms.Form):
    """The tick under the code of conduct."""

    use_required_attribute = False
    accepted = forms.BooleanField(
        label="I have read the code of conduct and will keep to it",
        error_messages={
            "required": "Tick the box when you have read it; without it you cannot go on"
        },
        widget=forms.CheckboxInput(attrs={"class": "govuk-checkboxes__input"}),
    )
