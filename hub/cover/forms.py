"""What is typed to show a hidden screen again."""

from django import forms

from hub.accounts.forms import SignInForm


class PasswordForm(forms.Form):
    """The password alone: who it is, the session knows."""

    password = SignInForm.base_fields["password"]
