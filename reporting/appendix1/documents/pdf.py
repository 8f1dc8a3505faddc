"""The report as a PDF that declares PDF/UA-1, drawn by Typst from report.typ.

The text goes in as data, never as markup: nothing in a name can draw or run anything.
"""

import json
from dataclasses import asdict
from pathlib import Path

import typst

from reporting.appendix1.rules.layout import Document

HERE = Path(__file__).parent


def drawn(report: Document) -> bytes:
    """Give the PDF; Typst refuses one that would break the standard's checks."""
    data = json.dumps(asdict(report), default=str, ensure_ascii=False)
    content: bytes = typst.compile(
        HERE / "report.typ",
        root=HERE,
        format="pdf",
        sys_inputs={"report": data},
        font_paths=[HERE / "fonts"],
        ignore_system_fonts=True,  # the same pages on every machine
        pdf_standards=["ua-1"],
    )
    return content
