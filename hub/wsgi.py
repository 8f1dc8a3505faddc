"""The door for web servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
_django = get_wsgi_application()

# Only now: until Django has its settings, nothing that asks the database can be imported.
from hub.health.start import refuse_unsafe_database  # noqa: E402
from hub.site.middleware import with_room, without_codecs  # noqa: E402

application = with_room(without_codecs(_django))

refuse_unsafe_database()
