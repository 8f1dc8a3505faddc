"""Files spoilt at random: never a partial write, never anything but words."""

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporting.extracts.actions import ExtractRefused, NotAnExtract
from reporting.extracts.rules.facts import FACTS, IDENTITIES
from tests.oracle.extracts import random_extract
from tests.reporting.importing import Heard, take

pytestmark = pytest.mark.django_db
TABLES = [*IDENTITIES.values(), *(fact.table for fact in FACTS), "hub_factsource"]
Files = dict[str, bytes]
Spoil = Callable[[random.Random, bytes], bytes]


def rows_written() -> int:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in TABLES))
        return sum(count for (count,) in cursor.fetchall())


# --- ways to spoil a file -------------------------------------------------------------------------


def byte_order_mark(_dice: random.Random, data: bytes) -> bytes:
    return b"\xef\xbb\xbf" + data


def windows_line_ends(_dice: random.Random, data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def truncated(dice: random.Random, data: bytes) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def splice(*pieces: bytes) -> Spoil:
    """Put one of some pieces of bytes somewhere into the file, at times in place of what was there."""

    def spoil(dice: random.Random, data: bytes) -> bytes:
        at = dice.randrange(len(data) + 1)
        return data[:at] + dice.choice(pieces) + data[at + dice.choice([0, 0, 1, 5]) :]

    return spoil


def a_cell(*cells: bytes) -> Spoil:
    """Put another cell in the place of one."""

    def spoil(dice: random.Random, data: bytes) -> bytes:
        lines = data.split(b"\n")
        at = dice.randrange(len(lines))
        row = lines[at].split(b",")
        row[dice.randrange(len(row))] = dice.choice(cells)
        lines[at] = b",".join(row)
        return b"\n".join(lines)

    return spoil


def a_line_twice(dice: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    lines.insert(dice.randrange(len(lines)), dice.choice(lines))
    return b"\n".join(lines)


def a_line_less(dice: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    del lines[dice.randrange(len(lines))]
    return b"\n".join(lines)


def noise(dice: random.Random, _data: bytes) -> bytes:
    return dice.randbytes(dice.randrange(300))


HARMLESS: list[Spoil] = [byte_order_mark, windows_line_ends]
SPOILS: list[Spoil] = [
    *HARMLESS,
    truncated,
    splice(b"\0", b"\xff\xfe", b'"', b"\r", b"\n", b",", b"\\.", b"\x1a", "\u2028".encode()),
    a_cell(b"", b" ", b"=1+1", b"@SUM(A1)", b"-2+3", b"C001", b"E0001", b"nobody"),
    a_cell(
        b"2015-02-30", b"30/02/2015", b"0000-00-00", b"9999-12-31", b"1/1/15", b"infinity", b"now"
    ),
    a_cell(b"2015-03-29T01:30", b"2015-01-01T24:00", b"2015-01-01T00:00+99:99", b"epoch"),
    a_cell(b"%s", b"%(moment)s", b"$file", b"'; DROP TABLE hub_user; --", b"\\N", b"x" * 200),
    a_line_twice,
    a_line_less,
    noise,
]


def spoilt(seed: int, files: Files) -> Files:
    """Spoil one to three files of an extract, at times leave one out or cut the .zip short."""
    dice = random.Random(seed)
    ways = HARMLESS if dice.random() < 0.2 else SPOILS
    made = dict(files)
    for name in dice.sample(sorted(made), dice.randint(1, 3)):
        for _ in range(dice.randint(1, 2)):
            made[name] = dice.choice(ways)(dice, made[name])
    if ways is SPOILS and dice.random() < 0.1:
        del made[dice.choice(sorted(made))]
    return made


def put_down(seed: int, files: Files, place: Path) -> Path:
    """Lay the files into a folder or a .zip, which may be half-written."""
    dice = random.Random(seed)
    if dice.random() < 0.7:
        for name, data in files.items():
            (place / name).write_bytes(data)
        return place
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    data = buffer.getvalue()
    kind = dice.random()
    if kind < 0.3:
        data = data[: dice.randrange(len(data))]
    elif kind < 0.6:
        at = dice.randrange(len(data))
        data = data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1 :]
    path = place / "extract.zip"
    path.write_bytes(data)
    return path


def try_one(seed: int) -> bool:
    """Import a spoilt extract in both ways; say whether the strict one took it."""
    with TemporaryDirectory() as folder:
        good, place = Path(folder, "good"), Path(folder, "bad")
        random_extract(seed % 50, good, episodes=8)
        files = {path.name: path.read_bytes() for path in good.iterdir()}
        place.mkdir()
        path = put_down(seed, spoilt(seed, files), place)
        taken = strictly(path)
        leniently(path, Path(folder, "rejected"), taken=taken)
    return taken


def strictly(path: Path) -> bool:
    """Nothing is written where there is a fault; each fault says where it is."""
    heard = Heard()
    try:
        with transaction.atomic():
            take(path, listener=heard)
            assert not heard.faults
            assert not take(path).changes
            transaction.set_rollback(True)
    except NotAnExtract:
        return False
    except ExtractRefused:
        assert heard.faults
        assert all(fault.count(":") >= 3 for fault in heard.faults)
        assert "\n" not in "".join(heard.faults)
        assert rows_written() == 0
        return False
    return True


def leniently(path: Path, rejected: Path, *, taken: bool) -> None:
    """Of what can be read, every row is either imported or set aside."""
    try:
        with transaction.atomic():
            result = take(path, skip_bad_rows=True, rejected_to=rejected)
            for line in result.files:
                assert line.read == line.new + line.refused
            assert not taken or not any(line.refused for line in result.files)
            transaction.set_rollback(True)
    except (ExtractRefused, NotAnExtract):
        assert not taken
    assert rows_written() == 0


@pytest.mark.long
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_a_spoilt_extract_is_taken_whole_or_not_at_all(db: None, seed: int) -> None:
    try_one(seed)


@pytest.mark.drill
def test_thousands_of_spoilt_extracts_are_taken_whole_or_not_at_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with capsys.disabled():
        taken = [seed for seed in range(5_000) if _announced(seed)]
    assert 0 < len(taken) < 5_000


def _announced(seed: int) -> bool:
    print(f"\rseed {seed}", end="", flush=True)  # noqa: T201  # a drill prints its seeds
    return try_one(seed)
