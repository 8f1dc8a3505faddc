"""The look at the database with which web and workers begin: an unsafe one is refused."""

import logging

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from hub.health.queries import database_facts
from hub.health.rules import unsafe_database

logger = logging.getLogger(__name__)


def refuse_unsafe_database() -> None:
    """Raise ImproperlyConfigured where the role is too strong or the database may lose records.

    HUB_BEHIND_TLS says that records are real. Without it the same sentences are warnings, so that one
    who develops as the owner is told and not stopped. `migrate` needs the owner and never comes here.
    """
    try:
        faults = unsafe_database(database_facts())
    except DatabaseError as error:
        raise ImproperlyConfigured("The database of DATABASE_URL cannot be asked.") from error
    finally:
        connection.close()
    if faults and settings.BEHIND_TLS:
        raise ImproperlyConfigured(" ".join(faults))
    for fault in faults:
        logger.warning("%s", fault)
