"""What the attacker knows: the printed counts, and every sum that the definitions put between them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Name = tuple[Any, ...]
MANY = 20_000  # more than any count of a report

LEVELS = ("HIGH", "MEDIUM", "LOW", "NO_RISK")
FINER = {"NO_RISK": ("NO_RISK", "NOT_SET")}
AREAS = ("OUT_OF_AREA", "CONFIDENTIAL", "NOT_RECORDED")
FINALISED = ("charged", "out_of_court", "no_further_action", "transferred")
STOCKS = {"tactical": ("snapshot",), "movement": ("snapshot", "movement_to")}


@dataclass
class Knowledge:
    """Printed counts, unknowns with what is known of their size, and sums that must be met."""

    printed: dict[Name, int] = field(default_factory=dict)
    unknown: dict[Name, tuple[int, int]] = field(default_factory=dict)
    hidden: list[Name] = field(default_factory=list)
    derived: dict[Name, dict[Name, int]] = field(default_factory=dict)
    sums: list[tuple[dict[Name, int], float, float]] = field(default_factory=list)
    worlds: list[dict[Name, int]] = field(default_factory=list)  # found to satisfy every sum
    wholes: list[list[Name]] = field(default_factory=list)  # the parts of each whole

    def equal(self, whole: Name, parts: Iterable[Name]) -> None:
        terms = {whole: -1}
        for part in parts:
            terms[part] = terms.get(part, 0) + 1
        self.sums.append((terms, 0, 0))
        self.wholes.append([part for part in terms if part != whole])

    def at_most(self, part: Name, whole: Name, *, guard: bool = True) -> None:
        """The part is no more than the whole; what is left of it is a count of its own."""
        self.sums.append(({whole: 1, part: -1}, 0, MANY))
        if guard:
            self.derived[("less", whole, part)] = {whole: 1, part: -1}

    def ensure_known(self) -> None:
        """Whatever a sum names and no table prints is an unknown."""
        for terms, _, _ in self.sums:
            for name in terms:
                if name not in self.printed:
                    self.unknown.setdefault(name, (0, MANY))


def leaves(value: Any, path: Name = ()) -> Iterator[tuple[Name, Any]]:
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from leaves(below, (*path, key))
    elif isinstance(value, list):
        for i, below in enumerate(value):
            yield from leaves(below, (*path, i))
    else:
        yield path, value


def read(published: Mapping[str, Any], zeros: frozenset[Name] = frozenset()) -> Knowledge:
    """What one report says: its counts, and its hidden ones, at least 1 unless told to be zero."""
    known = Knowledge()
    for path, value in leaves(published):
        if path[0] in ("parameters", "left_out") or is_derived(path):
            continue
        if value == "c":
            known.hidden.append(path)
            known.unknown[path] = (0 if path in zeros else 1, MANY)
        elif isinstance(value, int):
            known.printed[path] = value
    return known


def complements(known: Knowledge) -> dict[Name, dict[Name, int]]:
    """What is left of a whole when something printed is taken away from it."""
    found = dict(known.derived)
    hidden = set(known.hidden)
    for parts in known.wholes:
        left = [part for part in parts if part in hidden]
        if 1 < len(left) < len(parts) and all(p in hidden or p in known.printed for p in parts):
            found[("together", *left)] = dict.fromkeys(left, 1)
    return found


def is_derived(path: Name) -> bool:
    return any(step in ("peak_age", "mean_new_per_month", "change_in_new_percent") for step in path)


def table(report: Mapping[str, Any], *path: str) -> list[Name]:
    """The cells of a table in the report, none if it was left out."""
    node: Any = report
    for step in path:
        node = node[step] if node is not None else None
    return [(*path, key) for key in node] if isinstance(node, Mapping) else []


def relate(known: Knowledge, report: Mapping[str, Any], geography: Mapping[str, str]) -> None:
    """Every sum that the definitions put between the counts of one report."""
    strategic(known, report)
    tactical(known, report, geography)
    if report["movement"] is not None:
        movement(known, report)
    crimes(known, report)
    others(known, report)
    known.ensure_known()


def whole(known: Knowledge, total: Name, cells: list[Name]) -> None:
    if cells:
        known.equal(total, cells)


def strategic(known: Knowledge, report: Mapping[str, Any]) -> None:
    def s(*path: Any) -> Name:
        return ("strategic", *path)

    known.equal(s("episodes"), [s("already_open"), s("new")])
    known.equal(s("episodes"), [s("closed"), s("open_at_end")])
    whole(known, s("closed"), table(report, "strategic", "closed_by_reason"))
    whole(known, s("new"), table(report, "strategic", "new_by_referral_source"))
    genders = table(report, "strategic", "new_by_gender")
    whole(known, s("new"), genders)
    for gender in ("F", "M", "U"):
        ages = report["strategic"]["new_by_age_and_gender"]
        if ages is not None:
            known.equal(
                s("new_by_gender", gender),
                [s("new_by_age_and_gender", gender, age) for age in ages[gender]],
            )
    for year in (("strategic",), ("strategic", "previous_year")):
        known.equal((*year, "new"), [(*year, "new_by_quarter", i) for i in range(4)])
    not_at_risk, of_new = s("not_at_risk_at_referral"), s("not_at_risk_at_referral_of_new")
    known.at_most(not_at_risk, s("episodes"))
    known.at_most(of_new, s("new"))
    known.at_most(of_new, not_at_risk)
    carried = {s("already_open"): 1, not_at_risk: -1, of_new: 1}
    known.sums.append((carried, 0, MANY))
    known.derived[("carried in and at risk",)] = carried
    known.at_most(s("re_referred_within_12_months"), s("new"))
    known.at_most(s("children_repeated"), s("children"))
    known.sums.append(({s("episodes"): 1, s("children"): -1, s("children_repeated"): -1}, 0, MANY))


def tactical(known: Knowledge, report: Mapping[str, Any], geography: Mapping[str, str]) -> None:
    def t(*path: Any) -> Name:
        return ("tactical", *path)

    for name in ("open_with_several_episodes", "aged_18_or_over", "with_learning_disability"):
        known.at_most(t(name), t("open"))
    for name in ("by_level", "by_ethnic_group", "by_census_group", "by_status", "by_constituency"):
        whole(known, t("open"), table(report, "tactical", name))
    two_way(known, report["tactical"])
    if report["tactical"]["by_ethnic_group"] and report["tactical"]["by_census_group"]:
        ethnic_groups(known)
    if report["tactical"]["by_ward_and_level"]:
        wards(known, report["tactical"]["by_ward_and_level"], geography)


def two_way(known: Knowledge, shown: Mapping[str, Any]) -> None:
    def t(*path: Any) -> Name:
        return ("tactical", *path)

    for level in LEVELS:
        if shown["by_level_and_gender"]:
            row = shown["by_level_and_gender"][level]
            known.equal(t("by_level", level), [t("by_level_and_gender", level, g) for g in row])
        if shown["by_status_and_level"]:
            column = [t("by_status_and_level", s, level) for s in shown["by_status_and_level"]]
            known.equal(t("by_level", level), column)
    for status, row in (shown["by_status_and_level"] or {}).items():
        known.equal(t("by_status", status), [t("by_status_and_level", status, x) for x in row])


def ethnic_groups(known: Knowledge) -> None:
    """Only Gypsy/Roma and Irish Travellers differ: in Other of one, in White of the other."""
    for group in ("Asian", "Mixed", "Black", "NOT_RECORDED"):
        ours, census = (("tactical", x, group) for x in ("by_ethnic_group", "by_census_group"))
        known.equal(ours, [census])
    known.at_most(
        ("tactical", "by_ethnic_group", "White"), ("tactical", "by_census_group", "White")
    )
    known.at_most(
        ("tactical", "by_census_group", "Other"), ("tactical", "by_ethnic_group", "Other")
    )


def wards(known: Knowledge, rows: Mapping[str, Any], geography: Mapping[str, str]) -> None:
    def w(*path: Any) -> Name:
        return ("tactical", "by_ward_and_level", *path)

    for ward in rows:
        known.equal(w(ward, "total"), [w(ward, level) for level in LEVELS])
        if ward in geography and w(ward, "total") in known.unknown:
            known.unknown[w(ward, "total")] = (10, MANY)
    for level in LEVELS:
        known.equal(("tactical", "by_level", level), [w(ward, level) for ward in rows])
    for area in AREAS:
        known.equal(("tactical", "by_constituency", area), [w(area, "total")])
    rests = []
    for constituency in sorted(set(geography.values())):
        inside = [ward for ward, at in geography.items() if at == constituency]
        named = [w(ward, "total") for ward in inside if ward in rows]
        rest = ("unnamed wards", constituency)
        known.unknown[rest] = (0, 9 * (len(inside) - len(named)))
        known.derived[("rest of", constituency)] = {rest: 1}
        known.equal(("tactical", "by_constituency", constituency), [*named, rest])
        rests.append(rest)
    known.equal(w("Other wards", "total"), rests)


def movement(known: Knowledge, report: Mapping[str, Any]) -> None:
    """Printed cells fold NOT_SET into NO_RISK; the four kinds of move keep it apart."""
    fine = {
        (then, now): ("fine", then, now)
        for then in (*LEVELS, "NOT_SET")
        for now in (*LEVELS, "NOT_SET", "CLOSED")
    }
    kinds: dict[str, list[Name]] = {
        kind: [] for kind in ("unchanged", "decreased", "increased", "not_comparable")
    }
    for pair, name in fine.items():
        kinds[kind_of(*pair)].append(name)
    for kind, names in kinds.items():
        known.equal(("movement", kind), names)
    known.equal(("tactical", "open"), [("movement", kind) for kind in kinds])
    for then in LEVELS:
        cells = [("movement", "matrix", then, now) for now in (*LEVELS, "CLOSED")]
        known.equal(("tactical", "by_level", then), cells)
        for cell in cells:
            thens, nows = (FINER.get(x, (x,)) for x in cell[2:])
            known.equal(cell, [fine[a, b] for a in thens for b in nows])


def kind_of(then: str, now: str) -> str:
    if "NOT_SET" in (then, now):
        return "not_comparable"
    height = {"NO_RISK": 0, "LOW": 1, "MEDIUM": 2, "HIGH": 3}
    if now == "CLOSED":
        return "unchanged" if then == "NO_RISK" else "decreased"
    difference = height[now] - height[then]
    return "unchanged" if not difference else "increased" if difference > 0 else "decreased"


def crimes(known: Knowledge, report: Mapping[str, Any]) -> None:
    def c(*path: Any) -> Name:
        return ("crimes", *path)

    shown = report["crimes"]
    known.at_most(c("cse"), c("sexual_offences_under_18"))
    known.at_most(c("male_victims"), c("cse"))
    known.at_most(c("with_suspect"), c("cse"))
    known.equal(c("cse"), [c("finalised"), c("under_investigation"), c("cancelled")])
    if shown["by_outcome"]:
        known.equal(c("finalised"), [c("by_outcome", group) for group in FINALISED])
        known.equal(c("under_investigation"), [c("by_outcome", "open")])
        known.equal(c("cancelled"), [c("by_outcome", "cancelled")])
    if shown["by_number_of_suspects"]:
        one, two, more = (c("by_number_of_suspects", n) for n in ("1", "2", "3 or more"))
        known.equal(c("with_suspect"), [one, two, more])
        # Each crime of "3 or more" has from three to a hundred suspects.
        links = {c("suspect_links"): 1, one: -1, two: -2}
        known.sums.append(({**links, more: -3}, 0, MANY))
        known.sums.append(({**links, more: -100}, -MANY, 0))
    bands = table(report, "crimes", "offender_age_bands")
    whole(known, c("suspect_links"), bands)
    rows = shown["victim_age_by_offender_age_band"]
    for band in (name[-1] for name in bands) if rows else ():
        cells = [c("victim_age_by_offender_age_band", age, band) for age in rows]
        known.equal(c("offender_age_bands", band), cells)


def others(known: Knowledge, report: Mapping[str, Any]) -> None:
    def m(name: str) -> Name:
        return ("missing", name)

    for name in ("children", "found", "interviewed"):
        known.at_most(m(name), m("episodes"))
    for name in ("found", "interviewed"):
        known.at_most(m("interviewed_in_time"), m(name))
    occurrences = ("suspect_management", "occurrences")
    known.at_most(("suspect_management", "under_investigation"), occurrences)
    for name in ("by_age_band", "by_gender", "by_ethnic_group"):
        whole(known, occurrences, table(report, "suspect_management", name))
