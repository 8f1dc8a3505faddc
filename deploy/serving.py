"""How gunicorn serves the hub in production."""

import gc
from typing import Any

bind = "0.0.0.0:8000"  # the proxy alone shares a network with it
worker_class = "gthread"
# On two cores; on more, two for each (docs/decisions/0034-four-web-workers.md).
workers = 4
threads = 2
# The hub is loaded once and its workers share it. New code needs a new start.
preload_app = True
timeout = 60
graceful_timeout = 30
# A worker leaves after so many requests, so that what it may have hoarded goes with it.
max_requests = 20_000
max_requests_jitter = 2_000
# The proxy alone can reach us, so what it says of the visitor may be believed.
forwarded_allow_ips = "*"
worker_tmp_dir = "/dev/shm"  # noqa: S108  # a heartbeat on a slow disk would end good workers
control_socket_disable = True

# No access log: hub/logs writes one line for each request, with the person and without the query.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "hub.logs.lines.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}


def when_ready(_server: Any) -> None:
    """Load what a first request would, before the workers part, so that they share it."""
    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import get_resolver, reverse

    reverse("hub-home")  # reads every address, and with them every page
    get_resolver().resolve("/")
    folder = settings.BASE_DIR / "templates"
    for path in folder.rglob("*.html"):
        get_template(str(path.relative_to(folder)))


def pre_fork(_server: Any, _worker: Any) -> None:
    """Leave a worker nothing that one process alone may hold, and what is loaded where all share it."""
    from django.db import connections

    connections.close_all()
    gc.freeze()
