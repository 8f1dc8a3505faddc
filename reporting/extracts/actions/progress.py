"""A progress bar for imports: by bytes while files are read, by name in the steps afterwards."""

from typing import Any

from reporting.extracts.rules.outcome import Listener


class ProgressBar(Listener):
    """Shows on the terminal how far an import is; `shown` false keeps it off."""

    def __init__(self, *, shown: bool = True) -> None:
        from tqdm import tqdm  # by who shows a bar: a web worker never does

        self._bar: tqdm[Any] = tqdm(disable=not shown, unit="B", unit_scale=True, leave=False)

    def step(self, name: str, size: int = 0) -> None:
        """Start the bar anew."""
        self._bar.reset(total=size or None)
        self._bar.set_description(name)

    def read(self, size: int) -> None:
        """Move the bar on."""
        self._bar.update(size)

    def clear(self) -> None:
        """Make room for a line of text."""
        self._bar.clear()

    def close(self) -> None:
        """Take the bar away."""
        self._bar.close()
