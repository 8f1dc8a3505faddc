"""Every table of Appendix 1 as cells and sums, from the Appendix 1 definitions (version 1)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from .categories import (
    AGES,
    FINALISED,
    GENDERS,
    GROUPS,
    LEVELS,
    MOVES,
    NOT_WARDS,
    OCCURRENCE_BANDS,
    OFFENDER_BANDS,
    OTHER_WARDS,
    OUTCOME_GROUPS,
    REASONS,
    SMALLEST_WARD,
    SOURCES,
    STATUSES,
    SUSPECTS_OF_A_CRIME,
    VICTIM_AGES,
)
from .cells import Book, Key, Row

NEW = "new"
WARDS = "tactical.by_ward_and_level"


def book_of(
    data: Mapping[str, Any], *, geography: Mapping[str, str], full: Mapping[str, Any] | None = None
) -> Book:
    """The cells and sums of a report in published categories.

    `data` holds counts, "c" or None for a table left out; `full` gives the counts that the
    published categories fold, where it is known.
    """
    book = Book(data, scope_of(data["parameters"]), dates_of(data["parameters"]))
    _strategic(book)
    _referrals(book)
    opened = _tactical(book)
    _areas(book, opened, geography)
    if data["movement"] is not None:
        _movement(book, opened, full)
    _crimes(book)
    _suspects_of_crimes(book)
    _missing(book)
    _occurrences(book)
    return book


def scope_of(parameters: Mapping[str, Any]) -> str:
    """Whose data a report counts."""
    return "+".join(sorted(parameters["partnerships"]))


def dates_of(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The dates to which each section's counts belong, after the types where these matter."""
    types = types_of(parameters)
    year = window(parameters["year_start"], parameters["year_end"])
    snapshot = parameters["snapshot"]
    return {
        "strategic": f"{types} {year}",
        "tactical": f"{types} {snapshot}",
        "movement": f"{types} {snapshot} to {parameters['movement_to']}",
        "crimes": year,
        "missing": year,
        "suspect_management": window(parameters["suspects_from"], parameters["suspects_to"]),
    }


def types_of(parameters: Mapping[str, Any]) -> str:
    """The exploitation types of the episodes that a report counts."""
    return "+".join(sorted(parameters["types"]))


def window(first: str, last: str) -> str:
    """A window of dates as part of a key."""
    return f"{first} to {last}"


def months_later(first: str, months: int) -> str:
    """The first of the month so many months after the first of a month, both ISO."""
    day = date.fromisoformat(first)
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1).isoformat()


def _strategic(book: Book) -> None:
    """The year's episodes: already open + new = closed + open at the end; children."""
    scalar = {
        name: book.printed(("strategic", name), headline=True) for name in ("episodes", "children")
    }
    scalar |= {
        name: book.printed(("strategic", name), cost=4.0)
        for name in (
            "already_open", "closed", "open_at_end", "not_at_risk_at_referral",
            "not_at_risk_at_referral_of_new", "children_repeated", "re_referred_within_12_months",
        )
    }  # fmt: skip
    new = _new(book, ("strategic",), 0, headline=True)
    _new(book, ("strategic", "previous_year"), -12, headline=False)
    episodes, none = scalar["episodes"], scalar["not_at_risk_at_referral"]
    book.adds_up(episodes, (scalar["already_open"], new))
    book.adds_up(episodes, (scalar["closed"], scalar["open_at_end"]))
    book.breakdown(("strategic", "closed_by_reason"), REASONS, scalar["closed"])
    of_new = scalar["not_at_risk_at_referral_of_new"]
    book.rest(episodes, none, "at risk at referral")
    book.rest(new, of_new, "at risk at referral")
    of_open = book.rest(none, of_new, "already open")
    book.rest(scalar["already_open"], of_open, "at risk at referral")
    book.rest(new, scalar["re_referred_within_12_months"], "not re-referred")
    _repeated(book, scalar)


def _repeated(book: Book, scalar: Mapping[str, Key]) -> None:
    """Each repeated child has at least one episode more than the children counted."""
    episodes, children = scalar["episodes"], scalar["children"]
    book.rest(children, scalar["children_repeated"], "one episode")
    further = book.rest(episodes, children, "further", guarded=False)
    book.rest(further, scalar["children_repeated"], "third and later", guarded=False)


def new_key(book: Book, start: str, end: str) -> Key:
    """The key of the new episodes from the first day of a month until that of another."""
    types = types_of(book.data["parameters"])
    return (book.scope, "strategic", f"{types} {start} until {end}", NEW)


def _new(book: Book, path: tuple[str, ...], shift: int, *, headline: bool) -> Key:
    """New episodes of a year and its quarters; a quarter is one cell in whichever year's report."""
    first = months_later(book.data["parameters"]["year_start"], shift)
    edges = [months_later(first, months) for months in (0, 3, 6, 9, 12)]

    year = book.printed(
        (*path, "new"), key=new_key(book, edges[0], edges[4]), cost=6.0, headline=headline
    )
    table = ".".join((*path, "new_by_quarter"))
    quarters = [
        book.printed(
            (*path, "new_by_quarter", i),
            table=table,
            key=new_key(book, edges[i], edges[i + 1]),
            cost=4.0,
        )
        for i in range(4)
    ]
    book.rows.append(Row(tuple(quarters)))
    book.adds_up(year, quarters)
    return year


def _referrals(book: Book) -> None:
    """New episodes by source, by gender, and by gender and age."""
    first = book.data["parameters"]["year_start"]
    new = new_key(book, first, months_later(first, 12))
    book.breakdown(("strategic", "new_by_referral_source"), SOURCES, new)
    genders = book.breakdown(("strategic", "new_by_gender"), GENDERS, new, cost=3.0)
    _two_way(book, ("strategic", "new_by_age_and_gender"), GENDERS, AGES, rows=genders)


def _two_way(
    book: Book,
    path: tuple[str, ...],
    rows_fixed: tuple[str, ...],
    columns_fixed: tuple[str, ...],
    *,
    rows: Mapping[Any, Key] | None = None,
    columns: Mapping[Any, Key] | None = None,
) -> dict[tuple[str, str], Key]:
    """Enter a two-way table with the totals of its rows and columns where they are printed."""
    table = ".".join(path)
    keys = {
        (row, column): book.printed((*path, row, column), table=table, cost=1.0)
        for row in rows_fixed
        for column in columns_fixed
    }
    for row in rows_fixed:
        cells = tuple(keys[row, column] for column in columns_fixed)
        book.rows.append(Row(cells))
        if rows:
            book.adds_up(rows[row], cells)
    for column in columns_fixed if columns else ():
        book.adds_up((columns or {})[column], (keys[row, column] for row in rows_fixed))
    return keys


def _tactical(book: Book) -> dict[str, Key]:
    """The children open on the snapshot; gives the keys of the levels and of `open`."""
    opened = book.printed(("tactical", "open"), headline=True)
    for name in ("open_with_several_episodes", "aged_18_or_over", "with_learning_disability"):
        book.rest(opened, book.printed(("tactical", name), cost=4.0), "others")
    levels = {
        level: book.printed(
            ("tactical", "by_level", level), table="tactical.by_level", headline=True
        )
        for level in LEVELS
    }
    book.adds_up(opened, levels.values())
    _two_way(book, ("tactical", "by_level_and_gender"), LEVELS, GENDERS, rows=levels)
    statuses = book.breakdown(("tactical", "by_status"), STATUSES, opened, cost=3.0)
    path = ("tactical", "by_status_and_level")
    _two_way(book, path, STATUSES, LEVELS, rows=statuses, columns=levels)
    _ethnic_groups(book, opened)
    return {**levels, "open": opened}


def _ethnic_groups(book: Book, opened: Key) -> None:
    """The two groupings differ by Gypsy/Roma and Irish Travellers alone: Other there, White here."""
    ours = book.breakdown(("tactical", "by_ethnic_group"), GROUPS, opened)
    table = "tactical.by_census_group"
    census = {
        group: book.printed(
            ("tactical", "by_census_group", group),
            table=table,
            cost=2.0,
            key=None if group in ("White", "Other") else ours[group],
        )
        for group in GROUPS
    }
    book.rows.append(Row(tuple(census.values())))
    book.adds_up(opened, census.values())
    travellers = book.rest(census["White"], ours["White"], "Gypsy/Roma and Irish Travellers")
    book.adds_up(ours["Other"], (census["Other"], travellers))


def _areas(book: Book, opened: Mapping[str, Key], geography: Mapping[str, str]) -> None:
    """Constituencies, and wards by level; an area that is no ward is one cell in both tables."""
    names = (*sorted(set(geography.values())), *NOT_WARDS)
    areas = book.breakdown(("tactical", "by_constituency"), names, opened["open"])
    if book.at("tactical", "by_ward_and_level") is None:
        return
    listed = [w for w in book.at("tactical", "by_ward_and_level") if w in geography]
    # Other wards of two reports are the same count only if the same wards are named.
    other = book.key("tactical", "by_ward_and_level", OTHER_WARDS, *listed)
    # A ward may bear its constituency's name: only an area that is no ward is the same cell.
    totals = {name: _ward_total(book, name, key=None) for name in listed}
    totals |= {name: _ward_total(book, name, key=areas.get(name)) for name in NOT_WARDS}
    totals[OTHER_WARDS] = _ward_total(book, OTHER_WARDS, key=(*other, "total"))
    cells = {
        (ward, level): book.printed(
            ("tactical", "by_ward_and_level", ward, level),
            table=WARDS,
            key=(*other, level) if ward == OTHER_WARDS else None,
        )
        for ward in totals
        for level in LEVELS
    }
    for ward, total in totals.items():
        row = tuple(cells[ward, level] for level in LEVELS)
        book.rows.append(Row(row, also=(total,)))
        book.adds_up(total, row)
    for level in LEVELS:
        book.adds_up(opened[level], (cells[ward, level] for ward in totals))
    _unnamed_wards(book, geography, listed, areas, totals)


def _ward_total(book: Book, ward: str, key: Key | None) -> Key:
    """The total of a ward's row; a reader knows that a ward with a row has ten children."""
    path = ("tactical", "by_ward_and_level", ward, "total")
    low = 0 if ward in (*NOT_WARDS, OTHER_WARDS) else SMALLEST_WARD
    return book.printed(path, table=WARDS, key=key, cost=3.0, low=low, bound_by=WARDS)


def _unnamed_wards(
    book: Book,
    geography: Mapping[str, str],
    listed: list[str],
    areas: Mapping[Any, Key],
    totals: Mapping[str, Key],
) -> None:
    """A constituency less its named wards: the others there, each with nine children at most."""
    unnamed = []
    for name in sorted(set(geography.values()) & set(areas)):
        wards = [w for w, constituency in geography.items() if constituency == name]
        named = [totals[w] for w in wards if w in listed]
        values = [book.value(key) for key in (areas[name], *named)]
        whole, *parts = [v for v in values if v is not None] or [0]
        rest = book.unprinted(
            (*areas[name], "less its named wards", *listed),
            whole - sum(parts) if None not in values else None,
            high=(SMALLEST_WARD - 1) * (len(wards) - len(named)),
            bound_by=WARDS,
        )
        book.adds_up(areas[name], (*named, rest))
        unnamed.append(rest)
    book.adds_up(totals[OTHER_WARDS], unnamed)


def _movement(book: Book, opened: Mapping[str, Key], full: Mapping[str, Any] | None) -> None:
    """From the level on the snapshot to the level later, and the four kinds of move."""
    columns = (*LEVELS, "CLOSED")
    path = ("movement", "matrix")
    cells = _two_way(book, path, LEVELS, columns, rows={x: opened[x] for x in LEVELS})
    moves = book.breakdown(("movement",), MOVES, opened["open"], cost=3.0)
    fine = {
        (then, now): book.unprinted(
            book.key("movement", "fine", then, now),
            full["movement"]["matrix"][then][now] if full else None,
            guarded=False,
        )
        for then in (*LEVELS, "NOT_SET")
        for now in (*columns, "NOT_SET")
    }
    for (then, now), cell in cells.items():
        thens = ("NO_RISK", "NOT_SET") if then == "NO_RISK" else (then,)
        nows = ("NO_RISK", "NOT_SET") if now == "NO_RISK" else (now,)
        book.adds_up(cell, (fine[a, b] for a in thens for b in nows))
    for move, key in moves.items():
        book.adds_up(key, (fine[pair] for pair in fine if _moved(*pair) == move))


def _moved(then: str, now: str) -> str:
    """How a change of level counts; closing counts as decreased, but from NO_RISK as unchanged."""
    if "NOT_SET" in (then, now):
        return "not_comparable"
    order = ("CLOSED", "NO_RISK", "LOW", "MEDIUM", "HIGH")
    step = order.index(now) - order.index(then)
    if step == 0 or (then, now) == ("NO_RISK", "CLOSED"):
        return "unchanged"
    return "increased" if step > 0 else "decreased"


def _crimes(book: Book) -> None:
    """Sexual offences, those of them tagged, and the outcomes of these."""
    cse = book.printed(("crimes", "cse"), headline=True)
    sexual = book.printed(("crimes", "sexual_offences_under_18"), cost=4.0)
    book.rest(sexual, cse, "not tagged")
    for name in ("victim_age_unknown", "tagged_outside_list"):
        book.printed(("crimes", name), cost=4.0)
    groups = book.breakdown(("crimes", "by_outcome"), OUTCOME_GROUPS, cse)
    for name, group in (("under_investigation", "open"), ("cancelled", "cancelled")):
        book.printed(("crimes", name), key=groups[group], cost=2.0)
    finalised = book.printed(("crimes", "finalised"), cost=3.0)
    book.adds_up(finalised, (groups[group] for group in FINALISED))
    book.adds_up(cse, (finalised, groups["open"], groups["cancelled"]))
    book.rows[-1] = Row(book.rows[-1].keys, also=(finalised,))
    book.rest(cse, book.printed(("crimes", "male_victims"), cost=4.0), "other victims")


def _suspects_of_crimes(book: Book) -> None:
    """Crimes by number of suspects, and one count by age for each crime and suspect."""
    with_suspect = book.printed(("crimes", "with_suspect"), cost=4.0)
    book.rest(book.key("crimes", "cse"), with_suspect, "no suspect")
    links = book.printed(("crimes", "suspect_links"), cost=4.0)
    number = book.breakdown(("crimes", "by_number_of_suspects"), SUSPECTS_OF_A_CRIME, with_suspect)
    _links(book, links, [number[n] for n in SUSPECTS_OF_A_CRIME])
    bands = book.breakdown(("crimes", "offender_age_bands"), OFFENDER_BANDS, links, cost=3.0)
    path = ("crimes", "victim_age_by_offender_age_band")
    _two_way(book, path, VICTIM_AGES, OFFENDER_BANDS, columns=bands)


def _links(book: Book, links: Key, number: list[Key]) -> None:
    """A crime with three or more suspects has three links at least, and none has none."""
    one, two, more = number
    known = [book.value(key) for key in (links, one, two, more)]
    over = None
    if None not in known:
        total, n1, n2, n3 = (value or 0 for value in known)
        over = total - n1 - 2 * n2 - 3 * n3
    beyond = book.unprinted((*links, "beyond the third"), over, guarded=False)
    book.sums.append(((links, -1), (one, 1), (two, 2), (more, 3), (beyond, 1)))
    most = 100  # suspects of one crime, at most
    spare = None if over is None else most * (known[3] or 0) - over
    room = book.unprinted((*links, "room"), spare, guarded=False)
    book.sums.append(((more, -most), (beyond, 1), (room, 1)))


def _missing(book: Book) -> None:
    """Missing episodes: found, interviewed, interviewed in time."""
    names = ("episodes", "children", "found", "interviewed", "interviewed_in_time")
    cell = {name: book.printed(("missing", name), cost=4.0) for name in names}
    book.rest(cell["episodes"], cell["children"], "further")
    book.rest(cell["episodes"], cell["found"], "not found")
    book.rest(cell["episodes"], cell["interviewed"], "not interviewed")
    book.rest(cell["found"], cell["interviewed_in_time"], "not in time")
    book.rest(cell["interviewed"], cell["interviewed_in_time"], "late")
    found, interviewed = book.value(cell["found"]), book.value(cell["interviewed"])
    # Not so by definition (an interview may stand without a finding), but a reader will assume
    # it, so where it is true it is granted.
    if found is not None and interviewed is not None and interviewed <= found:
        book.rest(cell["found"], cell["interviewed"], "not interviewed")


def _occurrences(book: Book) -> None:
    """Suspect occurrences by age, gender and ethnic group."""
    whole = book.printed(("suspect_management", "occurrences"), headline=True)
    under = book.printed(("suspect_management", "under_investigation"), cost=4.0)
    book.rest(whole, under, "no longer under investigation")
    for table, fixed in (
        ("by_age_band", OCCURRENCE_BANDS),
        ("by_gender", GENDERS),
        ("by_ethnic_group", GROUPS),
    ):
        book.breakdown(("suspect_management", table), fixed, whole)
