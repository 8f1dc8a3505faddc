"""The hub's settings, and the libraries that its trail is measured beside."""

from hub.settings import *  # noqa: F403  # all of them
from hub.settings import INSTALLED_APPS as OF_THE_HUB

INSTALLED_APPS = [*OF_THE_HUB, "auditlog", "simple_history", "bench.beside"]
