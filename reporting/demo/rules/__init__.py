"""The generator of synthetic extracts; docs/decisions/0006-synthetic-history.md says why so.

`bradford` and `kirklees` make the demo's two districts up to a day, `scaled` any size. Each gives
its subjects one by one, as rows of the extract contract's files (`COLUMNS`); `write_extract` writes them.
"""

from reporting.demo.rules.bradford import bradford
from reporting.demo.rules.district import SERVICES
from reporting.demo.rules.files import write_extract
from reporting.demo.rules.history import kirklees
from reporting.demo.rules.rows import COLUMNS, Rows
from reporting.demo.rules.scaled import scaled

__all__ = [
    "COLUMNS",
    "SERVICES",
    "Rows",
    "bradford",
    "kirklees",
    "scaled",
    "write_extract",
]
