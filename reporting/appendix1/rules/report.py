"""The whole report from its cases."""

from typing import Any

from reporting.appendix1.rules.cases import Cases
from reporting.appendix1.rules.parameters import Parameters
from reporting.appendix1.rules.police import crimes, missing, suspect_management
from reporting.appendix1.rules.strategic import strategic
from reporting.appendix1.rules.tactical import movement, tactical


def full_report(cases: Cases, asked: Parameters) -> dict[str, Any]:
    """Give the report's `full` form, keys as the Appendix 1 definitions fix them."""
    return {
        "parameters": asked.as_json(),
        "strategic": strategic(cases.episodes, asked),
        "tactical": tactical(cases, asked.snapshot),
        "movement": movement(cases, asked.movement_to),
        "crimes": crimes(cases.crimes),
        "missing": missing(cases.missing),
        "suspect_management": suspect_management(cases.occurrences, asked.suspects_to),
    }
