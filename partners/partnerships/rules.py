"""The partnerships that ship with the project, each with its own settings.

Sources: Bradford's hub as its report of September 2016 describes it; Kirklees' as its overview of
July 2016 does. Review intervals are the project's defaults: no source states any, only that a higher
level is reviewed more often.
"""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Preset:
    """What a partnership starts with; `wards` names the data file of its geography."""

    code: str
    name: str
    district: str
    wards: str
    review_days: MappingProxyType[str, int]


REVIEW_DAYS = MappingProxyType({"HIGH": 28, "MEDIUM": 42, "LOW": 84})

PRESETS: dict[str, Preset] = {
    "bradford": Preset("bradford", "Bradford", "Bradford", "wards", REVIEW_DAYS),
    "kirklees": Preset(
        "kirklees",
        "Kirklees",
        "Kirklees",
        "wards_kirklees",
        # Medium and high cases come to the monthly meeting, all of them.
        MappingProxyType({"HIGH": 28, "MEDIUM": 28, "LOW": 84}),
    ),
}
