"""The assessment tools of the demo's districts, each with a version that another superseded."""

from datetime import date

from risk.tools.rules import Entry

TOOLS = (
    (
        "CSE risk assessment tool",
        ("CSE",),
        (Entry("1", date(2014, 1, 1)), Entry("2", date(2016, 4, 1))),
    ),
    (
        "Exploitation assessment",
        (),
        (Entry("1.0", date(2018, 9, 3)), Entry("1.1", date(2021, 4, 1))),
    ),
)
