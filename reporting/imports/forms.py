"""What is given to upload an extract, and to settle a conflict."""

import zipfile
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

from hub.recording.forms import RecordingForm
from hub.site.fields import choice, long_text
from reporting.imports.rules import MEGABYTE


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Takes files of signed-in people only, and none beyond the limit: it is read past, never kept.

    Every form of the hub passes here before its view is asked, so the limit cannot wait for the view.
    """

    chunk_size = 1024 * 1024

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803  # Django's own name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Hear how much is coming."""
        self._kept = 0
        user = getattr(self.request, "user", None)
        signed_in = user is not None and user.is_authenticated
        self._refused = not signed_in or content_length > settings.UPLOAD_LIMIT + MEGABYTE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file, if any is taken."""
        if self._refused:
            raise SkipFile
        Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep a piece. All files of a form count together."""
        self._kept += len(raw_data)
        if self._kept > settings.UPLOAD_LIMIT:
            raise SkipFile
        return super().receive_data_chunk(raw_data, start)


class UploadForm(forms.Form):
    """A .zip of CSV files, and what to do with its bad rows; `too_large` if it was not even taken."""

    use_required_attribute = False

    file = forms.FileField(
        label="Extract (.zip)",
        max_length=255,
        error_messages={
            "required": "Choose the .zip file of the extract",
            "empty": "The file is empty. Choose another",
            "max_length": "The file's name is too long. Shorten it",
        },
        widget=forms.FileInput(attrs={"class": "govuk-file-upload", "accept": ".zip"}),
    )
    skip_bad_rows = forms.BooleanField(
        required=False,
        label="Leave out rows with faults, and import the rest",
        widget=forms.CheckboxInput(attrs={"class": "govuk-checkboxes__input"}),
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if too_large:
            most = settings.UPLOAD_LIMIT // MEGABYTE
            message = (
                f"The file is larger than {most:,} MB. Ask those who run the system to import it"
            )
            self.fields["file"].error_messages["required"] = message

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse at once what is no whole .zip; the check reads what is in it."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if not (file.name or "").lower().endswith(".zip"):
            raise forms.ValidationError("The file must be a .zip")
        if not zipfile.is_zipfile(file):
            raise forms.ValidationError(
                "This is not a whole .zip file. Make it again, or copy it again, and upload that"
            )
        return file


class SettleForm(RecordingForm):
    """What stands, and why; `offers`: what there is to choose from, as (value, words)."""

    stands = choice("What stands?", ())
    reason = long_text(
        "Why?",
        required="Say why",
        hint="It is read beside both versions.",
        rows=4,
        longest=1000,
    )

    def __init__(self, *args: Any, offers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stands"] = choice("What stands?", offers, required="Choose what stands")
