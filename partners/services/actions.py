"""Services: which agency offers what."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from partners.agencies.models import Agency
from partners.services.models import Service


@transaction.atomic
def offer(*, agency: Agency, code: str, name: str, now: datetime, by: User) -> Service:
    """Enter a service of an agency; referrals to that code are then the agency's to see."""
    require(by, Permission.PARTNERSHIP_SETTINGS, agency)
    group, _made = Group.objects.get_or_create(name=f"{agency.partnership.code} service {code}")
    service, made = Service.objects.get_or_create(
        partnership_id=agency.partnership_id,
        code=code,
        defaults={"agency": agency, "name": name, "group": group},
    )
    if made:
        record(
            event="service.offered",
            verb=Verb.COLLECTION,
            what="service",
            reference=code,
            at=now,
            by=by,
            partnership_id=agency.partnership_id,
        )
    return service
