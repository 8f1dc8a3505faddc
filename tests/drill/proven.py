"""Which changes of a policy change nothing: reckoned, for whoever asks and whatever the row holds.

A policy is made of conditions. Those of the person alone (a right, a purpose) are known for each role and
purpose; every other may be true, false or unknown of a row, as long as no rule below forbids it. Two policies
are the same if they agree in every case. Of a change, the row before and the row after are two rows.

What is taken for granted is said in `_Asking` and `_Table.possible`; besides, that no row's number changes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any

from hub.access.rules import ROLES, Purpose, Role
from tests.test_second_wall import rows

POLICIES = """
SELECT tablename::text, policyname::text, cmd, permissive = 'PERMISSIVE', qual, with_check FROM pg_policies
WHERE policyname <> 'owner' ORDER BY 1, 2
"""
NULLABLE = """
SELECT attrelid::regclass::text, attname::text FROM pg_attribute
WHERE NOT attnotnull AND attnum > 0 AND attrelid IN (SELECT oid FROM pg_class WHERE relrowsecurity)
"""
OF_THE_PERSON = re.compile(r"\( SELECT hub_(\w+)\((?:'([^']*)'::text)?\) AS \w+\)")
UNBOUND = "( SELECT (CURRENT_USER <> 'hub_app'::name))"
IS_NULL = re.compile(r'"?(\w+)"? IS (NOT )?NULL')
# More signs than this are not reckoned: then nothing is proven.
MOST = 22

Formula = tuple[Any, ...]


@dataclass(frozen=True)
class Policy:
    """A rule of a table: for which command, whether one of several is enough, and its two conditions."""

    table: str
    name: str
    command: str
    permissive: bool
    using: str
    check: str


@dataclass(frozen=True)
class _Asking:
    """Somebody who asks: a role's rights and a purpose. The operator alone acts for every partnership."""

    role: Role | None
    purpose: Purpose | None = None
    by_link: bool = False

    @property
    def every(self) -> bool:
        return self.role is Role.OPERATOR

    def may(self, right: str) -> bool:
        return self.role is not None and right in ROLES[self.role].permissions

    def knows(self, asked: str, of: str | None) -> bool | None:
        """Say what a condition of the person is; None where it depends on more than role and purpose."""
        reports = self.purpose is Purpose.REPORT
        known = {
            "may": self.may(of or ""),
            "for": self.purpose == of,
            "sees_all": self.may("cases.view") or reports,
            "sees_police": self.may("police_records.view") or reports,
            "every_partnership": self.every,
            "by_link": self.by_link or self.purpose is Purpose.LINK,
        }
        return known.get(asked)

    def finds_nothing(self, condition: str) -> bool:
        """Say whether no row can answer it: nothing is hidden, shown or told that it could be equal to."""
        return "SELECT FROM" not in condition and (
            ("hub_hidden_" in condition and (self.every or self.purpose is Purpose.REPORT))
            or ("hub_shown_" in condition and not self.may("shared_cases.view"))
            or ("hub_partnership()" in condition and self.every)
            or ("hub_link()" in condition and not self.by_link)
        )


def everybody() -> Iterator[_Asking]:
    """Give each role, and one without any, for itself and for each purpose; and the holder of a link."""
    for role, purpose in product((*ROLES, None), (None, *Purpose)):
        yield _Asking(role, purpose)
    yield _Asking(None, by_link=True)


def policies() -> dict[tuple[str, str], Policy]:
    """Read them from the database."""
    found = (
        Policy(t, n, c, bool(p), _plain(q), _plain(w)) for t, n, c, p, q, w in _asked(POLICIES)
    )
    return {(each.table, each.name): each for each in found}


def changes_nothing(policy: Policy, changed: Policy | None, every: Iterable[Policy]) -> bool:
    """Say whether with the changed policy (None: without it) the table lets through what it did."""
    beside = [one for one in every if one.table == policy.table and one.command == policy.command]
    others = [one for one in beside if one.name != policy.name]
    nullable = {str(column) for table, column in _asked(NULLABLE) if table == policy.table}
    before, after = _whole(beside), _whole([*others, *([changed] if changed else [])])
    return all(_agree(before, after, who, nullable) for who in everybody())


def with_clause(policy: Policy, clause: str, left: str) -> Policy:
    """Give a policy with another USING or WITH CHECK."""
    said = _plain(left)
    return replace(policy, using=said) if clause == "USING" else replace(policy, check=said)


@cache
def _asked(statement: str) -> tuple[Any, ...]:
    return tuple(rows(statement))


def _plain(text: Any) -> str:
    return " ".join(str(text or "").split())


def _whole(policies: list[Policy]) -> Formula:
    """Join what is asked of the row as it is, and of the row as it will be."""
    parts = []
    for new in (False, True):
        said = [(one.permissive, _asked_of(one, new=new)) for one in policies]
        if any(text for _permissive, text in said):
            enough = [_parsed(text or "true", new) for permissive, text in said if permissive]
            needed = [_parsed(text or "true", new) for permissive, text in said if not permissive]
            parts.append(("and", ("or", *enough), *needed))
    return ("and", *parts)


def _asked_of(policy: Policy, *, new: bool) -> str:
    """Give what is asked of the row as it is, or will be: of a change without a WITH CHECK the same twice."""
    if policy.command not in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        raise ValueError(f"{policy.table}.{policy.name} is for {policy.command}: not reckoned")
    return (
        (policy.check or (policy.using if policy.command == "UPDATE" else ""))
        if new
        else policy.using
    )


def _parsed(text: str, new: bool) -> Formula:
    text = text.strip()
    for word in ("OR", "AND"):
        parts = list(_parts(text, f" {word} "))
        if len(parts) > 1:
            return (word.lower(), *(_parsed(part, new) for part in parts))
    if text.startswith("NOT "):
        return ("not", _parsed(text.removeprefix("NOT "), new))
    if text.startswith("(") and not text.startswith("( SELECT") and _closes(text) == len(text):
        return _parsed(text[1:-1], new)
    if text.lower() in ("true", "false"):
        return ("is", text.lower() == "true")
    return ("atom", text, new)


def _parts(text: str, word: str) -> Iterator[str]:
    depth = begins = 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and text.startswith(word, place):
            yield text[begins:place]
            begins = place + len(word)
    yield text[begins:]


def _closes(text: str) -> int:
    depth = 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0:
            return place + 1
    return 0


def _atoms(formula: Formula) -> Iterator[tuple[str, bool]]:
    if formula[0] == "atom":
        yield formula[1], formula[2]
    for part in formula[1:]:
        if isinstance(part, tuple):
            yield from _atoms(part)


def _agree(before: Formula, after: Formula, who: _Asking, nullable: set[str]) -> bool:
    table = _Table(who, nullable, [*_atoms(before), *_atoms(after)])
    if table.signs > MOST:
        return False
    return (table.true_where(before) ^ table.true_where(after)) & table.possible() == 0


class _Table:
    """Every case at once: of each condition the cases in which it is true, and those in which it is false."""

    def __init__(self, who: _Asking, nullable: set[str], atoms: Iterable[tuple[str, bool]]) -> None:
        self.who = who
        self.free = {
            _name(*atom): _may_be_unknown(atom[0], nullable)
            for atom in atoms
            if self._known(atom[0]) is None
        }
        self.signs = sum(2 if unknown else 1 for unknown in self.free.values())
        self.all = (1 << (1 << self.signs)) - 1 if self.signs <= MOST else 0
        self.cases: dict[str, tuple[int, int]] = {}
        sign = 0
        for name, unknown in self.free.items() if self.all else ():
            true = self._column(sign)
            false = self._column(sign + 1) if unknown else self.all ^ true
            self.cases[name] = true, false
            sign += 2 if unknown else 1

    def _column(self, sign: int) -> int:
        width = 1 << sign
        column, length = ((1 << width) - 1) << width, 2 * width
        while length < 1 << self.signs:
            column |= column << length
            length *= 2
        return column

    def _known(self, text: str) -> bool | None:
        if text == UNBOUND or self.who.finds_nothing(text):
            return False
        of_person = OF_THE_PERSON.fullmatch(text)
        return self.who.knows(of_person[1], of_person[2]) if of_person else None

    def true_where(self, formula: Formula) -> int:
        return self._where(formula)[0]

    def _where(self, formula: Formula) -> tuple[int, int]:
        kind, *parts = formula
        if kind == "is":
            return (self.all, 0) if parts[0] else (0, self.all)
        if kind == "atom":
            known = self._known(parts[0])
            if known is not None:
                return (self.all, 0) if known else (0, self.all)
            return self.cases[_name(*parts)]
        each = [self._where(part) for part in parts]
        if kind == "not":
            return each[0][1], each[0][0]
        true, false = (self.all, 0) if kind == "and" else (0, self.all)
        for one_true, one_false in each:
            if kind == "and":
                true, false = true & one_true, false | one_false
            else:
                true, false = true | one_true, false & one_false
        return true, false

    def possible(self) -> int:
        """Leave out the cases that no row is: nothing is shown that is hidden; a NULL is neither."""
        left = self.all
        for true, false in self.cases.values():
            left &= self.all ^ (true & false)
        for name in self.cases:
            if "hub_shown_children" in name:
                hidden = name.replace("hub_shown_", "hub_hidden_")
                left &= self.all ^ (self.cases[name][0] & self.cases.get(hidden, (0, 0))[0])
            null = IS_NULL.match(name)
            for other in self.cases if null else ():
                if null and self._tells_of(other, null[1], name.endswith("'")):
                    empty, (true, false) = self.cases[name][1 if null[2] else 0], self.cases[other]
                    # Of a NULL nothing is true, and all but that (NULL IN an empty list is false) unknown.
                    left &= (empty & (self.all ^ true)) | (self.all ^ empty) & (true | false)
        return left

    def _tells_of(self, name: str, column: str, new: bool) -> bool:
        simple = re.match(rf'\(?"?{column}"?\)?(::\w+)? (IN|=) ', name) is not None
        return simple and self.free[name] and name.endswith("'") == new


def _may_be_unknown(text: str, nullable: set[str]) -> bool:
    words = set(re.findall(r"\w+", text))
    return (
        not IS_NULL.fullmatch(text)
        and OF_THE_PERSON.fullmatch(text) is None
        and bool(words & nullable)
    )


def _name(text: str, new: bool) -> str:
    """Name a condition: of a person, or of a row's own number, it is one before and after a change."""
    same = OF_THE_PERSON.fullmatch(text) or re.match(r"\(?id\)? ", text)
    return text + ("'" if new and not same else "")
