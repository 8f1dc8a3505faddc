"""The second wall of levels and reviews, and of what the police record."""

from django.db import migrations

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
ALL = "(SELECT hub_sees_all()) AND episode_id NOT IN (SELECT unnest(hub_hidden_episodes()))"
SHOWN = "episode_id IN (SELECT unnest(hub_shown_episodes()))"
OF_EPISODES = ("risk_risklevel", "risk_review")

POLICE = "(SELECT hub_sees_police())"
# A crime may name its victim: a child who is hidden is hidden here too.
VICTIM = "(victim_child_id IS NULL OR victim_child_id NOT IN (SELECT unnest(hub_hidden_children())))"
OF_THE_POLICE = {
    "risk_crime": POLICE,
    "risk_crimefact": f"{POLICE} AND {VICTIM}",
    "risk_crimeoutcome": POLICE,
    "risk_suspect": POLICE,
    "risk_suspectdetails": POLICE,
    "risk_crimesuspect": POLICE,
    "risk_suspectoccurrence": POLICE,
    "risk_occurrencefact": POLICE,
    "risk_suspectlevel": POLICE,
}
WALLS = [
    f"SELECT hub_wall('{table}', seen => $${OWN} AND (({ALL}) OR {SHOWN})$$, written => $${OWN} AND {ALL}$$);"
    for table in OF_EPISODES
] + [
    f"SELECT hub_wall('{table}', $${OWN} AND {condition}$$);"
    for table, condition in OF_THE_POLICE.items()
]
RIGHTS = """
SELECT hub_app_may('SELECT', name::regclass) FROM unnest(ARRAY['risk_riskscale', 'risk_scalelevel']) AS name;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0005_where_a_level_was_agreed"),
        ("referrals", "0009_the_second_wall"),
    ]

    operations = [
        migrations.RunSQL(
            "".join(WALLS),
            "".join(f"SELECT hub_no_wall('{table}');" for table in (*OF_EPISODES, *OF_THE_POLICE)),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
