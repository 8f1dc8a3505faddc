"""The files of uploads: one folder closed to others, random names, gone when they are not needed."""

import hashlib
import os
import secrets
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from reporting.imports.rules import KEPT_FOR


def folder() -> Path:
    """Give the folder of uploads, made if need be."""
    place = Path(settings.UPLOADS_DIR)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def path_of(name: str) -> Path:
    """Give the path of a file that a row names: the row's word, never a person's."""
    return folder() / name


def new_name(kind: str) -> str:
    """Give a name that nobody can guess."""
    return f"{secrets.token_hex(16)}.{kind}"


def open_new(path: Path) -> IO[bytes]:
    """Open a file that must not be there yet, readable by nobody else."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def store(uploaded: "UploadedFile[Any]", name: str) -> str:
    """Keep what was uploaded under that name; give its SHA-256. It is on the disk when this returns."""
    checksum = hashlib.sha256()
    with open_new(path_of(name)) as kept:
        for piece in uploaded.chunks():
            checksum.update(piece)
            kept.write(piece)
        kept.flush()
        os.fsync(kept.fileno())
    return checksum.hexdigest()


def forget(names: Iterable[str]) -> None:
    """Delete files; one that has gone already is no fault."""
    for name in filter(None, names):
        path_of(name).unlink(missing_ok=True)


def forget_strays(known: set[str], now: datetime) -> int:
    """Delete old files that no row names: what a crash between file and row left. Say how many."""
    oldest = (now - KEPT_FOR).timestamp()
    strays = [
        path.name
        for path in folder().iterdir()
        if path.name not in known and path.is_file() and path.stat().st_mtime < oldest
    ]
    forget(strays)
    return len(strays)


def unpacked_size(path: Path) -> int:
    """Add up what the files of a .zip will be; reading stops there, whatever they hold. 0 if it is none.

    The importer says what is wrong with one that cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return 0
