"""The Celery application: workers wake by it, but the database is the queue of record."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, setup_logging, worker_init
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

app = Celery("hub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "hub.health",
        "hub.seals",
        "hub.sessions",
        "referrals.checks",
        "referrals.emergencies",
        "referrals.intake",
        "referrals.vigilance",
        "reporting.imports",
        "reporting.upkeep",
    ]
)
# Here and not in the settings, which every web worker reads and would import Celery for.
app.conf.beat_schedule = {
    # A beat that waited for half a minute tells nothing any more: the next one is due.
    "heartbeat": {"task": "hub.heartbeat", "schedule": 30.0, "options": {"expires": 30}},
    # Sealed within a minute, also where one beat is lost.
    "seal-the-trail": {"task": "hub.seal_trail", "schedule": 25.0, "options": {"expires": 25}},
    "send-links": {"task": "referrals.send_links", "schedule": 20.0, "options": {"expires": 20}},
    "forget-drafts-of-links": {
        "task": "referrals.forget_drafts",
        "schedule": crontab(hour=2, minute=35),
    },
    "make-trail-months": {"task": "hub.make_trail_months", "schedule": crontab(hour=2, minute=50)},
    "pick-up-imports": {
        "task": "reporting.pick_up_imports",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "send-alerts": {"task": "referrals.send_alerts", "schedule": 30.0, "options": {"expires": 30}},
    "remind-of-checks": {
        "task": "referrals.remind_of_checks",
        "schedule": 5 * 60.0,
        "options": {"expires": 5 * 60},
    },
    "clear-out-imports": {"task": "reporting.clear_out_imports", "schedule": crontab(minute=25)},
    "forget-what-is-over": {"task": "hub.forget_what_is_over", "schedule": crontab(minute=40)},
    "find-unusual-access": {
        "task": "referrals.find_unusual_access",
        "schedule": crontab(hour=3, minute=40),
    },
    "renew-current-values": {
        "task": "reporting.renew_current_values",
        "schedule": crontab(hour=3, minute=10),
    },
}


@setup_logging.connect
def leave_logging(**_: object) -> None:
    """Let the settings alone say how lines are written: Celery's own quote what a task was given."""


@worker_init.connect
@beat_init.connect
def refuse_unsafe_start(**_: object) -> None:
    """End a worker, or the timer, that would work on an unsafe database."""
    from hub.health.start import refuse_unsafe_database

    try:
        refuse_unsafe_database()
    except ImproperlyConfigured as error:
        # Celery swallows every other exception of a receiver, and would work on.
        raise SystemExit(str(error)) from error
