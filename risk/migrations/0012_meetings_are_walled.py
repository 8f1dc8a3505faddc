"""The second wall of meetings and of what waits for the panel: those who see whole cases, and no hidden child.

A meeting, how it is set up and which agencies were there tell of no child, and are the same people's.
"""

from django.db import migrations

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
ALL = f"{OWN} AND (SELECT hub_sees_all())"
CHILD = f"{ALL} AND child_id NOT IN (SELECT unnest((SELECT hub_hidden_children())))"
EPISODE = f"{CHILD} AND episode_id NOT IN (SELECT unnest((SELECT hub_hidden_episodes())))"
OF_EPISODES = ("risk_proposal", "risk_meetingitem", "risk_meetingdecision", "risk_meetingtask")
OF_CHILDREN = ("risk_agencyview",)
OF_MEETINGS = ("risk_meetingseries", "risk_meeting", "risk_attendance")
FACTS = ("risk_agencyview", "risk_meetingdecision")
TABLES = (*OF_EPISODES, *OF_CHILDREN, *OF_MEETINGS)


def wall(table):
    condition = ALL if table in OF_MEETINGS else CHILD if table in OF_CHILDREN else EPISODE
    return f"SELECT hub_wall('{table}', $${condition}$$);"


def watch(table):
    kept = (
        f"CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION hub_keep_facts('{}');"
    )
    return f"{kept}SELECT hub_watch('{table}', 'kept');" if table in FACTS else f"SELECT hub_watch('{table}', 'plain');"


def back(table):
    kept = f"DROP TRIGGER keep_facts ON {table};" if table in FACTS else ""
    return f"SELECT hub_unwatch('{table}'); {kept} SELECT hub_no_wall('{table}');"


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0011_meetings_and_proposals"),
        ("referrals", "0025_nothing_is_put_under_a_hidden_child"),
        ("hub", "0014_the_wall_knows_the_agency"),
    ]

    operations = [
        migrations.RunSQL("".join(map(wall, TABLES)), migrations.RunSQL.noop),
        migrations.RunSQL("".join(map(watch, TABLES)), "".join(map(back, TABLES))),
    ]
