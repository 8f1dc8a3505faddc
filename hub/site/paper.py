"""A document as a PDF that declares PDF/UA-1, drawn by Typst from a template beside its subject.

The text goes in as data, never as markup: nothing in a name can draw or run anything.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FONTS = Path(__file__).parent / "fonts"


def drawn(template: Path, document: "DataclassInstance") -> bytes:
    """Give the PDF; Typst refuses one that would break the standard's checks."""
    # A heavy library, which a web worker that shows pages alone does without.
    import typst

    content: bytes = typst.compile(
        template,
        root=template.parent,
        format="pdf",
        sys_inputs={"document": json.dumps(asdict(document), default=str, ensure_ascii=False)},
        font_paths=[FONTS],
        ignore_system_fonts=True,  # the same pages on every machine
        pdf_standards=["ua-1"],
    )
    return content
