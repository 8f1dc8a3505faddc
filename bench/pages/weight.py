"""How much goes over the line: a page alone, and a first visit with all that it names."""

import gzip
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import find

from bench.pages.visitor import Visitor

KILOBYTE = 1024
NAMED = re.compile(r'(?:href|src)="(/static/[^"?]+)"')


def page(visitor: Visitor, address: str) -> float:
    """Give a page's kilobytes as the proxy sends it (gzip, level 6)."""
    return compressed(visitor.open(address).encode())


def first_visit(visitor: Visitor, address: str) -> float:
    """Give the kilobytes of a page with the styles, scripts and icons it names, each compressed."""
    html = visitor.open(address)
    return page(visitor, address) + sum(_file(name) for name in sorted(set(NAMED.findall(html))))


def _file(address: str) -> float:
    return compressed(Path(str(find(address.removeprefix(settings.STATIC_URL)))).read_bytes())


def compressed(content: bytes) -> float:
    """Give the kilobytes of something as gzip sends it."""
    return len(gzip.compress(content, 6, mtime=0)) / KILOBYTE
