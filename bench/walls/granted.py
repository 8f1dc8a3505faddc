"""Who sees how much: workers of charities with grants on 1, 50 and 5,000 children, and the others' grants.

Written by statements, as the owner: 300,000 grants by the action would take an hour. The triggers that keep
what is shown are those of every day.
"""

from dataclasses import dataclass

from bench.databases import ask_as_owner
from partners.sharing.rules import CATEGORIES

SEEN = (1, 50, 5_000)
RESTRICTED = 20
# As many grants again go to other agencies: so many children to each.
TO_EACH = 15_000

GROUP = "INSERT INTO auth_group (name) VALUES (%(name)s) RETURNING id"
AGENCY = """
    INSERT INTO partners_agency (partnership_id, code, name, kind, group_id, telephone)
    VALUES (%(partnership)s, %(name)s, %(name)s, 'charity', %(group)s, '') RETURNING id
"""
SERVICE = """
    INSERT INTO partners_service (partnership_id, agency_id, code, name, group_id)
    VALUES (%(partnership)s, %(agency)s, upper(%(name)s), %(name)s, %(group)s)
"""
# With the demo's password, so that they sign in as everybody does.
WORKER = """
    INSERT INTO hub_user (username, name, password, is_active, is_operator, conduct_accepted_on)
    SELECT %(name)s, %(name)s, password, true, false, current_date FROM hub_user WHERE username = 'charity'
    RETURNING id
"""
POST = """
    INSERT INTO partners_post (user_id, agency_id, role, starts_on)
    VALUES (%(worker)s, %(agency)s, 'support_worker', '2016-01-01')
"""
# All categories: else a charity's worker sees who a child is, and no episode.
AGREEMENT = """
    INSERT INTO partners_sharingagreement
        (partnership_id, agency_id, categories, basis, starts_on, ends_on, entered_at, entered_by_id)
    SELECT %(partnership)s, %(agency)s, %(categories)s, 'For the bench.', '2016-01-01', '2099-12-31',
        now(), id
    FROM hub_user WHERE username = 'manager'
"""
GRANTS = """
    INSERT INTO referrals_groupgrant
        (group_id, permission_id, child_id, partnership_id, because, by_referral, granted_by_id)
    SELECT %(group)s, p.id, c.id, %(partnership)s, 'For the bench.', false, u.id
    FROM ({children}) c JOIN auth_permission p ON p.codename = 'view_child'
    JOIN hub_user u ON u.username = 'manager'
"""
# In no order that a table or an index has. One open episode each: as many rows as children.
WITH_ONE_OPEN = """
    SELECT child_id AS id FROM referrals_episode WHERE closed_on IS NULL AND partnership_id = %(partnership)s
    GROUP BY 1 HAVING count(*) = 1 ORDER BY md5(child_id::text) OFFSET {restricted} LIMIT {number}
"""
ANY = """
    SELECT id FROM referrals_child WHERE partnership_id = %(partnership)s
    ORDER BY md5((id * %(group)s)::text) LIMIT %(number)s
"""
SOCIAL_CARE = """
    SELECT group_id FROM partners_agency WHERE code = 'social_care' AND partnership_id = %(partnership)s
"""
RESTRICT = """
    INSERT INTO referrals_restriction
        (partnership_id, child_id, kind, because, from_date, known_from, recorded_by_id, position, reason)
    SELECT %(partnership)s, c.id, 'named', 'For the bench.', '2020-01-01', now(), u.id, 1, ''
    FROM ({children}) c JOIN hub_user u ON u.username = 'manager'
"""


@dataclass(frozen=True)
class Seer:
    """A worker who signs in, and how many open episodes are theirs to see."""

    username: str
    seen: str
    groups: tuple[int, ...]


def give(grants: int) -> list[Seer]:
    """Make the workers and that many grants in all, and restrict a few records; the last sees all."""
    values = {"partnership": _one("SELECT id FROM partners_partnership WHERE code = 'bradford'")}
    seers = [_worker(number, values) for number in SEEN]
    restricted = WITH_ONE_OPEN.format(restricted=0, number=RESTRICTED)
    ask_as_owner(RESTRICT.format(children=restricted), values)
    others = 0
    while (left := grants - _one("SELECT count(*) FROM referrals_groupgrant")) > 0:
        others += 1
        group = _one(GROUP, name=f"other {others}")
        several = {**values, "group": group, "number": min(left, TO_EACH)}
        ask_as_owner(GRANTS.format(children=ANY), several)
    return [*seers, Seer("social", "all", (_one(SOCIAL_CARE, **values),))]


def _worker(number: int, values: dict[str, int]) -> Seer:
    name = f"sees{number}"
    agency_group, team = (_one(GROUP, name=f"{name} {kind}") for kind in ("agency", "service"))
    agency = _one(AGENCY, **values, name=name, group=agency_group)
    ask_as_owner(SERVICE, {**values, "name": name, "agency": agency, "group": team})
    ask_as_owner(AGREEMENT, {**values, "agency": agency, "categories": [*CATEGORIES]})
    ask_as_owner(POST, {"worker": _one(WORKER, name=name), "agency": agency})
    children = WITH_ONE_OPEN.format(restricted=RESTRICTED, number=number)
    ask_as_owner(GRANTS.format(children=children), {**values, "group": agency_group})
    return Seer(name, f"{number:,}", (agency_group, team))


def _one(statement: str, **values: object) -> int:
    return int(ask_as_owner(statement, values)[1][0][0])
