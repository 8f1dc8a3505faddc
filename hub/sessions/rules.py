"""How long a session lasts: so long without a deed, and so long altogether."""

from datetime import datetime, timedelta

# A deed is noted when the last one noted lies this far back: not every page is a write.
NOTED_EVERY = timedelta(minutes=1)
# What was sent after the end is kept for a quarter of an hour; the session that tells whose it is, longer.
ENDED_KEPT = timedelta(hours=1)


def seconds_left(
    *, began: datetime, seen: datetime, now: datetime, idle: timedelta, longest: timedelta
) -> int:
    """Give the whole seconds until the session ends, whichever limit comes first; 0 where it has ended."""
    ends = min(seen + idle, began + longest)
    return max(int((ends - now).total_seconds()), 0)


def is_worth_noting(seen: datetime, now: datetime) -> bool:
    """Say whether a deed comes long enough after the last one noted."""
    return now - seen >= NOTED_EVERY
