"""Every table of cases, people and settings that the rooms own is watched (hub/migrations/0008).

It stands here because this room may know the tables of all. A table that comes later is watched by its own
migration; tests/hub/test_changes.py walks the catalogue and finds one that is not.
"""

from django.db import migrations

# Tables of facts keep their rows themselves; of the others the trail keeps before and after.
FACTS = (
    "referrals_childdetails", "referrals_alias", "referrals_address", "referrals_carestatus",
    "referrals_persontocall", "referrals_episodefact", "referrals_allocation", "referrals_missingepisode",
    "referrals_note", "referrals_servicereferral", "risk_crimefact", "risk_crimeoutcome", "risk_risklevel",
    "risk_review", "risk_suspectdetails", "risk_crimesuspect", "risk_occurrencefact", "risk_suspectlevel",
)  # fmt: skip
OTHERS = (
    "partners_partnership", "partners_agency", "partners_post", "partners_service", "referrals_child",
    "referrals_episode", "risk_crime", "risk_suspect", "risk_suspectoccurrence", "reporting_release",
    "reporting_importconflict", "reporting_conflictsettlement",
)  # fmt: skip
WATCH = "".join(f"SELECT hub_watch('{table}', 'kept');" for table in FACTS) + "".join(
    f"SELECT hub_watch('{table}', 'plain');" for table in OTHERS
)


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0008_changes_are_caught"),
        ("partners", "0002_agencies_have_a_telephone"),
        ("referrals", "0008_open_episodes_in_every_order"),
        ("risk", "0005_where_a_level_was_agreed"),
        ("reporting", "0003_which_version_a_conflict_meets"),
    ]

    operations = [
        migrations.RunSQL(WATCH, "".join(f"SELECT hub_unwatch('{table}');" for table in (*FACTS, *OTHERS)))
    ]
