"""What somebody typed to find a child: its days, its references, its names; and why a child answers."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import normalize

from hub.days.rules import read_day

LONGEST = 120
FEWEST_LETTERS = 2
KEPT_FOR = timedelta(hours=1)
MOST_KEPT = 10
# Nobody reads on past so many: they give more of the name instead.
MOST_SHOWN = 500

# The same as referrals_plain in referrals/migrations/0005: a test compares the two.
_APART = '-_.,:;/\\()[]{}<>|&!*?"#%+=@~^$–—'
_LETTERS = {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i"} | {
    "æ": "a", "Æ": "a", "œ": "o", "Œ": "o"
}  # fmt: skip
_DROPPED = "'’‘`´ʼ"
_TABLE = str.maketrans({**dict.fromkeys(_APART, " "), **_LETTERS, **dict.fromkeys(_DROPPED, "")})
_ACCENTS = re.compile("[\u0300-\u036f]")
_SMALL = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_WRITTEN_DAY = re.compile(r"\b\d{1,2}\s+[A-Za-z]{3,9}\s+\d{2,4}\b")


def plain(name: str) -> str:
    """Write a name in small letters without accents, its parts set apart by spaces."""
    letters = normalize("NFD", name.replace("ß", "ss")).translate(_SMALL)
    return _ACCENTS.sub("", letters).translate(_TABLE)


@dataclass(frozen=True)
class Asked:
    """What was asked for; a child must answer all of it.

    `names` are parts of a name, plain; `references` hold a figure; `alone` is the whole text where it
    is one word: it may be a reference without a figure as well.
    """

    names: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    alone: str = ""


def understand(text: str, today: date) -> Asked:
    """Sort what was typed into names, references and days of birth."""
    written = _WRITTEN_DAY.findall(text)
    days = [day for typed in written if (day := read_day(typed, today))]
    words = (_WRITTEN_DAY.sub(" ", text) if len(days) == len(written) else text).split()
    days = days if len(days) == len(written) else []
    names: list[str] = []
    references: list[str] = []
    for word in (word.strip(",;") for word in words):
        if day := read_day(word, today):
            days.append(day)
        elif any(letter.isdecimal() for letter in word):
            references.append(word)
        else:
            names += plain(word).split()
    alone = words[0] if len(words) == 1 and not days else ""
    return Asked(tuple(names), tuple(references), tuple(days), alone)


def problem_with(text: str, asked: Asked) -> str:
    """Say why nothing can be looked for, or nothing at all."""
    if not text.strip():
        return "Enter a name, a date of birth or a reference"
    if asked.days or asked.references:
        return ""
    if max((len(name) for name in asked.names), default=0) < FEWEST_LETTERS:
        return "Enter at least two letters of a name, a date of birth or a reference"
    return ""


@dataclass(frozen=True)
class Known:
    """What is known of a child that a search may answer to, as far as the person may see it."""

    name: str
    aliases: tuple[str, ...]
    born: date
    reference: str
    episodes: tuple[str, ...]


def reasons(asked: Asked, child: Known) -> list[str]:
    """Say why a child answers: by which of name, alias, date of birth and reference."""
    found = ["date of birth"] if child.born in asked.days else []
    if asked.names:
        found += ["name"] if _all_begin(asked.names, child.name) else []
        found += [f"alias {a}" for a in child.aliases if _all_begin(asked.names, a)]
    sought = [word.upper() for word in (*asked.references, asked.alone) if word]
    if any(child.reference.upper().startswith(word) for word in sought):
        found.append("the child's reference")
    hits = [e for e in child.episodes if any(e.upper().startswith(word) for word in sought)]
    return found + [f"episode {reference}" for reference in hits]


def _all_begin(words: tuple[str, ...], name: str) -> bool:
    parts = plain(name).split()
    return all(any(part.startswith(word) for part in parts) for word in words)
