"""SQL with one of its conditions taken away: every such version of a policy or a function.

A condition is what stands between AND, OR and the brackets around them; without it an AND has a TRUE there
and an OR a FALSE. A condition that stands alone after WHERE, ON or IF becomes TRUE.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"'(?:[^']|'')*'|--[^\n]*|:=|[(),;]|\b(?:AND|OR|WHERE|ON|IF|SELECT|FROM|GROUP|ORDER|UNION|EXCEPT|LIMIT|JOIN|LEFT"
    r"|THEN|ELSE|END|CASE|WHEN|RETURN|BEGIN|INTO|SET|VALUES|CONFLICT|RETURNING|LANGUAGE)\b",
    re.IGNORECASE,
)
ASKS = {"WHERE", "ON", "IF", "WHEN"}


@dataclass
class _Run:
    """Conditions side by side: where the present one begins, after which word, and those that are whole."""

    begins: int
    after: str
    joined: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)


def without_one(sql: str) -> Iterator[tuple[str, str]]:
    """Each version of it with one condition taken away, and which it was."""
    for begins, ends, stands in sorted(set(_conditions(sql))):
        gone = sql[begins:ends].strip()
        if gone and gone.upper() not in {"TRUE", "FALSE"}:
            yield " ".join(gone.split()), f"{sql[:begins]} {stands} {sql[ends:]}"


def _conditions(sql: str) -> Iterator[tuple[int, int, str]]:
    open_runs = [_Run(0, "")]
    for token in TOKEN.finditer(sql):
        word = token[0].upper()
        if word.startswith(("'", "--")):
            continue
        if word == "(":
            open_runs.append(_Run(token.end(), word))
        elif word in ("AND", "OR"):
            open_runs[-1].spans.append((open_runs[-1].begins, token.start()))
            open_runs[-1].joined.append(word)
            open_runs[-1].begins = token.end()
        else:
            yield from _closed(open_runs[-1], token.start())
            if word == ")" and len(open_runs) > 1:
                open_runs.pop()
            else:
                open_runs[-1] = _Run(token.end(), word)
    yield from _closed(open_runs[-1], len(sql))


def _closed(run: _Run, end: int) -> Iterator[tuple[int, int, str]]:
    spans = [*run.spans, (run.begins, end)]
    if not run.joined and run.after not in ASKS:
        return
    for place, (begins, ends) in enumerate(spans):
        beside = run.joined[min(place, len(run.joined) - 1)] if run.joined else "AND"
        yield begins, ends, "TRUE" if beside == "AND" else "FALSE"
