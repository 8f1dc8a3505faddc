"""Log lines that hold no personal data: one JSON object each, of a few known keys.

A message may be quoted whole where it is our own: what we write there is tried by
tests/hub/test_logs.py. Of a library's message only the words it was written with are kept, since the
values that it fills in may be anything (an address, a row, a form); and of an exception its kind and
where it arose, never its own text: PostgreSQL quotes the row that it refuses.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from types import TracebackType

OURS = {"hub", "partners", "referrals", "risk", "reporting"}
# These say what is wrong with a setting; without their text nobody could put it right.
QUOTED = {"ImproperlyConfigured"}
MOST_FRAMES = 12


@dataclass
class Request:
    """What the lines written during one request have in common. `person`: the number of the account."""

    id: str
    person: int | None = None


@dataclass(frozen=True)
class Answer:
    """How one request ended; `path` is without its query."""

    method: str
    path: str
    status: int
    milliseconds: int


current_request: ContextVar[Request | None] = ContextVar("current_request", default=None)


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line; keys without a value are left out."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": _event(record),
            **_request(),
            **_answer(record),
            **_task(record),
            **_error(record),
        }
        return json.dumps({key: value for key, value in line.items() if value is not None})


def _event(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] in OURS:
        return record.getMessage()
    # Django's refusals of a request are logged in the exception's own words, which quote the request.
    words, error = str(record.msg), _error_of(record)
    return type(error).__name__ if str(error or "") and str(error) in words else words


def _error_of(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _request() -> dict[str, object]:
    request = current_request.get()
    return {} if request is None else {"request": request.id, "person": request.person}


def _answer(record: logging.LogRecord) -> dict[str, object]:
    answer = getattr(record, "answer", None)
    return asdict(answer) if isinstance(answer, Answer) else {}


def _task(record: logging.LogRecord) -> dict[str, object]:
    """Name the task that Celery's own lines speak of; its arguments and result stay out."""
    data = getattr(record, "data", None)
    if not isinstance(data, dict):
        return {}
    return {"task": data.get("name"), "task_id": data.get("id")}


def _error(record: logging.LogRecord) -> dict[str, object]:
    error = _error_of(record)
    if error is None:
        return {}
    kind = type(error).__name__
    detail = str(error) if kind in QUOTED else None
    return {"error": kind, "detail": detail, "where": _where(error.__traceback__)}


def _where(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-MOST_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
