"""Finding an extract's files in a folder or a zip file, and opening each as a stream."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader, RawIOBase
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from hub.errors import DomainError
from reporting.extracts.rules.layout import FILES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed import WriteableBuffer

KNOWN = {file.csv: file.name for file in FILES}


class NotAnExtract(DomainError):
    """What was given cannot be read as an extract at all."""


@dataclass
class Source:
    """An extract's files by name, each with its size and a way to open it, and what else lay there."""

    sizes: dict[str, int] = field(default_factory=dict)
    openers: dict[str, Callable[[], IO[bytes]]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    def add(self, name: str, size: int, opener: Callable[[], IO[bytes]]) -> None:
        """Take a file in; one that is not of the extract is only named."""
        if name not in KNOWN:
            self.others.append(name)
        elif KNOWN[name] in self.openers:
            raise NotAnExtract(f"{name} is in it twice. Leave one of the two.")
        else:
            self.sizes[KNOWN[name]] = size
            self.openers[KNOWN[name]] = opener


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a folder or a .zip of CSV files.

    Raises NotAnExtract where there is none, or nothing in it is a file of the extract.
    """
    if path.is_dir():
        source = _folder(path)
        _must_hold_something(source, path)
        yield source
        return
    if not path.is_file():
        raise NotAnExtract(f"There is no folder or .zip file {path}.")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        message = f"{path} is neither a folder nor a whole .zip file ({error})."
        raise NotAnExtract(message) from error
    with archive:
        source = _zip(archive)
        _must_hold_something(source, path)
        yield source


def _must_hold_something(source: Source, path: Path) -> None:
    if not source.openers:
        raise NotAnExtract(f"{path} holds none of the extract's files, such as children.csv.")


def _folder(path: Path) -> Source:
    source = Source()
    try:
        for found in sorted(path.iterdir()):
            size = found.stat().st_size if found.is_file() else 0
            source.add(found.name, size, lambda found=found: found.open("rb"))  # type: ignore[misc]  # bound now
    except OSError as error:
        raise NotAnExtract(f"{path} cannot be read ({error.strerror}).") from error
    return source


def _zip(archive: zipfile.ZipFile) -> Source:
    """Take the files at the top, or in the one folder that holds all; nothing is unpacked to disk."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    _refuse_outside(member.filename for member in members)
    tops = {PurePosixPath(member.filename).parent for member in members if _is_known(member)}
    if len(tops) > 1:
        raise NotAnExtract("The .zip has the extract's files in several folders. Put them in one.")
    source = Source()
    for member in members:
        place = PurePosixPath(member.filename)
        name = place.name if place.parent in tops else member.filename
        opener = lambda member=member: archive.open(member)  # noqa: E731  # bound to this member
        source.add(name, member.file_size, opener)
    return source


def _is_known(member: zipfile.ZipInfo) -> bool:
    return PurePosixPath(member.filename).name in KNOWN


def _refuse_outside(names: "Iterable[str]") -> None:
    for name in names:
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts or "\\" in name:
            raise NotAnExtract(f"The .zip names a file outside itself ({name!r}).")


class HashingReader(RawIOBase):
    """Passes a stream on while it takes its SHA-256 and tells how much was read."""

    def __init__(self, stream: IO[bytes], told: Callable[[int], None]) -> None:
        self._stream = stream
        self._told = told
        self._sum = hashlib.sha256()

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill a buffer, as io's readers ask for it."""
        room = memoryview(buffer).cast("B")
        data = self._stream.read(len(room))
        room[: len(data)] = data
        self._sum.update(data)
        self._told(len(data))
        return len(data)

    def sha256(self) -> str:
        """The checksum of all that was read."""
        return self._sum.hexdigest()

    def close(self) -> None:
        """Close what lies beneath too."""
        self._stream.close()
        super().close()


def buffered(reader: HashingReader) -> BufferedReader:
    """Read in large pieces."""
    return BufferedReader(reader, 256 * 1024)
