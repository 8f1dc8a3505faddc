"""A small extract for a story: four children, and the episodes that the story tells."""

from datetime import datetime
from pathlib import Path

from tests.oracle.reading import LONDON

IMPORTED = datetime(2016, 10, 1, 9, tzinfo=LONDON)
CHILDREN = """child_id,forenames,surname,date_of_birth,gender,ethnicity,learning_disability
c1,A,A,2001-05-01,F,WBRI,N
c2,B,B,01/06/2002,M,APKN,Y
c3,C,C,2000-02-29,,WROM,
c4,D,D,2003-01-01,F,,N
"""


def extract(folder: Path, episodes: str, **files: str) -> Path:
    """An extract of the four children above; episodes as `id child referred closed reason`."""
    folder.mkdir(parents=True, exist_ok=True)
    header = "episode_id,child_id,referred_on,closed_on,closure_reason,exploitation_types"
    rows = [",".join((line.split() + [""] * 6)[:6]) for line in episodes.strip().splitlines()]
    (folder / "episodes.csv").write_text("\n".join([header, *rows]).replace("-,", ",") + "\n")
    for name, text in {"children": CHILDREN, **files}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)
