"""Appendix 1 as JSON, a spreadsheet, a Word document and an accessible PDF, all from one layout."""

import json
from typing import Any

from reporting.appendix1.rules.layout import pages


def document(report: dict[str, Any], kind: str) -> bytes:
    """Give a report, `full` or `published`, as a file: json, xlsx, docx or pdf; KeyError for another kind.

    The same report gives the same bytes: dates within the file are the report's own.
    """
    if kind == "json":
        return (json.dumps(report, indent=2, ensure_ascii=False) + "\n").encode()
    # Heavy libraries, which a web worker that shows pages alone does without.
    from reporting.appendix1.documents import pdf, spreadsheet, word

    renderers = {"xlsx": spreadsheet.drawn, "docx": word.drawn, "pdf": pdf.drawn}
    return renderers[kind](pages(report))
