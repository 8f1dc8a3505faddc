"""The two districts of the demo: wards, services, staff, and how much comes to their hubs."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hub.codes.rules import ward_rows
from reporting.demo.rules.accounts import PEOPLE
from reporting.demo.rules.chance import Table, table
from reporting.demo.rules.facts import Service, Worker

DATA = Path(__file__).parents[1] / "data"

SERVICES = {
    "bradford": (
        Service("NORTHLIGHT", "Northlight one-to-one support", "northlight"),
        Service("STEPSTONE", "Stepstone group work", "stepstone"),
        Service("OAKWALK", "Oakwalk missing and return support", "oakwalk"),
    ),
    "kirklees": (
        Service("MILLRACE", "Millrace one-to-one support", "millrace"),
        Service("MILLRACE_GROUP", "Millrace group work", "millrace"),
    ),
}


# Staff who sign in to the demo: the reference is their user name, so that they find what is theirs.
SIGN_IN = {person.name: person.username for person in PEOPLE}


def _staff(prefix: str, people: dict[str, str]) -> tuple[Worker, ...]:
    named = [(agency, name) for agency, names in people.items() for name in names.split(", ")]
    return tuple(
        Worker(SIGN_IN.get(name, f"{prefix}{n:03}"), name, agency)
        for n, (agency, name) in enumerate(named, 1)
    )


LEADS = {
    "bradford": _staff("BW1", {
        "social_care": "Alison Thwaite, Ravi Nair, Amira Qureshi, Moira Keane, Yasmin Dar,"
        " Peter Ollerton, Joanne Raistrick, Sadia Mir, Colin Birtles, Tess Holgate",
        "police": "Martin Eastwell, Gemma Rudd, Kulvinder Sahota, Ben Castleton",
    }),
    "kirklees": _staff("KW1", {
        "social_care": "Bryony Calvert, Erin Sugden, Tom Wetherill",
        "police": "Lorna Pickersgill",
    }),
}  # fmt: skip
SECONDS = {
    "bradford": _staff("BW2", {
        "health": "Fiona Marchbank, Deborah Sellars",
        "early_help": "Imtiaz Rana, Kate Ollis",
        "youth_justice": "Wendy Haigh",
        "northlight": "Jas Bhogal, Ellen Moorby, Curtis Lamb",
        "stepstone": "Marta Zielinska, Neil Farrow",
        "oakwalk": "Chidi Anozie, Ruth Inskip",
    }),
    "kirklees": _staff("KW2", {
        "health": "Sally Armistead",
        "millrace": "Dawn Petch, Hassan Bari",
    }),
}  # fmt: skip


@dataclass(frozen=True)
class District:
    """What makes one district's synthetic history different from another's.

    `newcomers` are children referred for the first time in an average month, of whom a share,
    `again`, comes back after each episode; `mean_days` is how long an episode with a risk lasts;
    `offences` are sexual offences a month against children whom the hub does not know; so many
    `suspects` come under management in a month. In a `planned_year` no crimes are drawn, and in a
    `lull` (from a day, before a day) fewer children come.
    """

    code: str
    prefix: str
    seed: int
    begins: date
    newcomers: float
    again: float
    mean_days: float
    offences: float
    suspects: float
    areas: Table[str]
    wards: dict[str, str]
    postcode_area: str
    services: tuple[Service, ...]
    leads: tuple[Worker, ...]
    seconds: tuple[Worker, ...]
    review_days: Mapping[str, int]
    numbers_from: int = 0
    planned_year: tuple[date, date] | None = None
    lull: tuple[date, date] | None = None


def month_number(day: date) -> int:
    """Number the months, so that one can count in them."""
    return day.year * 12 + day.month - 1


def in_month(rate: float, district: District, month: int) -> int:
    """Give a month's share of a steady rate: whole numbers that add up to it over the months."""
    since = month - month_number(district.begins)
    return int(rate * (since + 1)) - int(rate * since) if since >= 0 else 0


def ward_codes(file: str) -> dict[str, str]:
    """Give a district's wards, name to GSS code, in the file's order."""
    return {row.name: row.code for row in ward_rows(file)}


def snapshot_2016() -> list[dict[str, str]]:
    """Read the solved assignment of the 288 children open on 29 March 2016."""
    with (DATA / "snapshot_2016.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def bradford_district() -> District:
    """Describe Bradford: its wards weigh as in the 2016 report; a report year that is planned."""
    wards = ward_codes("wards")
    found = Counter(row["area"] for row in snapshot_2016())
    return District(
        code="bradford", prefix="B", seed=2016, begins=date(2014, 1, 1), newcomers=43.8,
        again=0.25, mean_days=245, offences=33, suspects=11.25,
        areas=table({ward: found[ward] + 1 for ward in wards}), wards=wards, postcode_area="BD",
        services=SERVICES["bradford"], leads=LEADS["bradford"], seconds=SECONDS["bradford"],
        review_days={"HIGH": 28, "MEDIUM": 42, "LOW": 84},
        planned_year=(date(2015, 4, 1), date(2016, 3, 31)),
        lull=(date(2016, 4, 1), date(2016, 11, 1)),
    )  # fmt: skip


def kirklees_district() -> District:
    """Describe Kirklees: a tenth of Bradford's, with longer episodes."""
    wards = ward_codes("wards_kirklees")
    return District(
        code="kirklees", prefix="K", seed=2017, begins=date(2014, 1, 1), newcomers=4.6,
        again=0.25, mean_days=390, offences=4, suspects=1.25,
        areas=table({ward: 1 + number % 4 for number, ward in enumerate(wards)}), wards=wards,
        postcode_area="HD", services=SERVICES["kirklees"], leads=LEADS["kirklees"],
        seconds=SECONDS["kirklees"], review_days={"HIGH": 28, "MEDIUM": 28, "LOW": 84}, numbers_from=800_000,
    )  # fmt: skip
