"""The engines of the test run: a plugin that pytest loads before Django reads its settings.

A conftest would come too late: pytest-django imports the settings, and with them the database's
address, before it. pyproject.toml names this module.
"""

import os
from pathlib import Path

from hub.engines.actions import provide_environment

os.environ.setdefault("HUB_DATA_DIR", str(Path(__file__).resolve().parent.parent / ".hub-test"))
provide_environment(["pytest"])
