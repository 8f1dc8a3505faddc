"""The worker's and the timer's doors to imports: the rows are the queue, a message only hurries them."""

import logging

from billiard.exceptions import SoftTimeLimitExceeded
from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from hub.access.context import acting_as
from hub.accounts.actions import operator
from hub.accounts.models import User
from reporting.imports.actions import clear_out, give_up, pick_up, work_on
from reporting.imports.models import ExtractUpload

logger = logging.getLogger(__name__)

MOST_SECONDS = 60 * 60
TOO_LONG = (
    "It took longer than an hour and was stopped; nothing was imported. Tell those who run the "
    "system: an extract of this size is imported at the command line."
)


def hurry(number: int) -> None:
    """Call a worker for an upload; where the queue does not answer, the timer finds the row."""
    try:
        work.apply_async((number,), retry=False, expires=120)
    except OperationalError as error:
        logger.warning("import %s waits for the timer: %s", number, type(error).__name__)


@shared_task(
    name="reporting.work_on_import", time_limit=MOST_SECONDS + 60, soft_time_limit=MOST_SECONDS
)
def work(number: int) -> None:
    """Check or import an upload, if it still waits for that."""
    by = operator()
    try:
        again = work_on(number=number, now=timezone.now(), by=by)
    except SoftTimeLimitExceeded:
        _stop(number, by)
        return
    if again:
        hurry(number)


def _stop(number: int, by: User) -> None:
    with acting_as(by):
        upload = ExtractUpload.objects.visible_to(by).get(pk=number)
        give_up(upload=upload, message=TOO_LONG, now=timezone.now(), by=by)


@shared_task(name="reporting.pick_up_imports", time_limit=60)
def pick_up_left() -> None:
    """Call workers for what a killed one, or a lost message, left."""
    by = operator()
    with acting_as(by):
        left = pick_up(now=timezone.now(), by=by)
    for number in left:
        hurry(number)


@shared_task(name="reporting.clear_out_imports", time_limit=10 * 60)
def clear_out_old() -> None:
    """Delete the files that nobody needs any more."""
    by = operator()
    with acting_as(by):
        clear_out(now=timezone.now(), by=by)
