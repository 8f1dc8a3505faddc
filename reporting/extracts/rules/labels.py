"""What an import is called: a name that somebody gave a file, made fit to be shown and written down."""

import re

LONGEST_LABEL = 100
NAMELESS = "extract.zip"


def clean_name(name: str) -> str:
    """Make of a file's name, with or without its folders, one that can be shown anywhere.

    It may come from a browser: nothing but letters, digits, spaces and a few marks is left of it.
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w .()-]+", "_", last).strip(" .") or NAMELESS
    return plain if len(plain) <= LONGEST_LABEL else f"{plain[: LONGEST_LABEL - 4]}.zip"
