"""The data folder: made, closed to others, and moved to where the engines' user can reach it."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import secrets as random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hub.engines.processes import Account, EngineError
from hub.engines.rules import ENGINES, Places, Secrets, socket_fits

ROOTS_HOME = Path("/var/lib/cse-hub")
ACCOUNT = "csehub"


def engines_account() -> Account | None:
    """The user that the engines run as: ourselves (None), or for root a system user of their own.

    PostgreSQL refuses to run as root. Raises EngineError where no other user can be had.
    """
    if os.geteuid() != 0:
        return None
    account = _account(ACCOUNT) or _new_account() or _account("nobody")
    if account is None:
        raise EngineError("PostgreSQL does not run as root, and there is no user 'nobody'.")
    return account


def _account(name: str) -> Account | None:
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, found.pw_uid, found.pw_gid)


def _new_account() -> Account | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    words = (
        "--system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin"
    )
    subprocess.run(  # noqa: S603  # a fixed command
        [useradd, *words.split(), ACCOUNT], check=False, capture_output=True
    )
    return _account(ACCOUNT)


def find(data_dir: Path) -> Places | None:
    """The places of a data folder that exists; None if there is none.

    Raises EngineError where the folder is closed to us.
    """
    home = data_dir / "engines"
    try:
        if not (data_dir / "engines.lock").exists() or not home.is_dir():
            return None
    except PermissionError as error:
        raise EngineError(f"The data folder {data_dir} belongs to another user.") from error
    return Places(data_dir, home.resolve(), (home / "sockets").resolve())


def make(data_dir: Path, account: Account | None) -> Places:
    """Make what is missing of a data folder; to be called by the holder of its gate only."""
    home = _make_home(data_dir, account)
    places = Places(data_dir, home, _make_sockets(home, account))
    for folder in (places.run, places.logs):
        private_folder(folder)
    private_folder(places.data("valkey"), account)  # PostgreSQL's own comes with its cluster
    return places


def claim(data_dir: Path) -> None:
    """Make the folder if need be, and close it; never touch one that holds something else.

    Raises EngineError for a folder of another user or with files that are not ours.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        contents = {path.name for path in data_dir.iterdir()}
    except OSError as error:
        raise EngineError(f"The data folder {data_dir} cannot be used: {error}") from error
    owner = data_dir.stat().st_uid
    if owner != os.geteuid():
        raise EngineError(
            f"The data folder {data_dir} belongs to user number {owner}: run as that user, "
            "or set HUB_DATA_DIR to another folder."
        )
    if contents and "engines.lock" not in contents:
        raise EngineError(f"HUB_DATA_DIR={data_dir} holds other files: name an empty folder.")
    data_dir.chmod(0o700)
    (data_dir / "engines.lock").touch(mode=0o600)


def private_folder(folder: Path, account: Account | None = None) -> Path:
    """A folder that only we, or the engines' user, can enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)
    return folder


def _make_home(data_dir: Path, account: Account | None) -> Path:
    home = data_dir / "engines"
    if account is None:
        return private_folder(home)
    if not home.is_dir():
        home.unlink(missing_ok=True)
        home.symlink_to(_new_root_home(data_dir, account))
    return home.resolve()


def root_homes(data_dir: Path) -> list[Path]:
    """Every folder that root's engines ever had for this data folder."""
    return sorted(ROOTS_HOME.glob(f"{_mark_of(data_dir)}-*"))


def _mark_of(data_dir: Path) -> str:
    return hashlib.sha256(bytes(data_dir)).hexdigest()[:12]


def _new_root_home(data_dir: Path, account: Account) -> Path:
    """A folder that the engines' user can reach: the data folder, and those above it, may be shut.

    The name is new each time: after `rm -rf` of the data folder its passwords are lost, and an
    old database would not let us in.
    """
    ROOTS_HOME.mkdir(mode=0o711, exist_ok=True)
    ROOTS_HOME.chmod(0o711)
    home = ROOTS_HOME / f"{_mark_of(data_dir)}-{random.token_hex(3)}"
    home.mkdir(mode=0o700)
    os.chown(home, 0, account.gid)
    home.chmod(0o710)
    (home / "belongs-to").write_text(f"{data_dir}\n")
    return home


def _make_sockets(home: Path, account: Account | None) -> Path:
    """The folder for sockets: short enough for the system, and entered by nobody else."""
    folder = home / "sockets"
    if socket_fits(folder):
        return private_folder(folder, account)
    if not _is_private(folder):
        folder.unlink(missing_ok=True)
        folder.symlink_to(tempfile.mkdtemp(prefix="cse-hub-", dir=_runtime_folder()))
    return folder.resolve()


def _runtime_folder() -> str | None:
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    # /tmp rather than tempfile's own choice: TMPDIR may be as long as the path we flee from.
    return named if named and _is_private(Path(named)) and len(named) < 40 else "/tmp"  # noqa: S108  # nosec B108


def _is_private(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    found = folder.stat()
    return found.st_uid == os.geteuid() and found.st_mode & 0o077 == 0


def remove_short_sockets(places: Places) -> None:
    """Remove the socket folder outside the data folder, if there is one."""
    if places.sockets.parent != places.home:
        shutil.rmtree(places.sockets, ignore_errors=True)
        (places.home / "sockets").unlink(missing_ok=True)


def load_secrets(places: Places) -> Secrets:
    """Read the data folder's random words; make them the first time."""
    if not places.secrets.exists():
        words = {name: random.token_urlsafe(32) for name in Secrets.names()}
        write_private(places.secrets, json.dumps(words, indent=2) + "\n")
    return read_secrets(places)


def read_secrets(places: Places) -> Secrets:
    """Read the data folder's random words; raises EngineError if the file is spoilt."""
    try:
        return Secrets(**json.loads(places.secrets.read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise EngineError(f"{places.secrets} cannot be read: {error}") from error


def write_private(path: Path, text: str, account: Account | None = None) -> None:
    """Write a file whole or not at all, for us alone; the engines' user may read its own."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(number, "w") as file:
        file.write(text)
        if account is not None:
            os.fchown(number, 0, account.gid)
            os.fchmod(number, 0o640)
    Path(name).replace(path)


def living_engines(home: Path) -> Iterator[int]:
    """Processes that work in the engines' folders below a home, found through /proc."""
    folders = {home / engine for engine in ENGINES}
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if entry.readlink() in folders:
                yield int(entry.parent.name)
        except OSError:
            continue
