"""A case by reference is read with the records that are joined to it, as on the pages of cases and in the report.

Who the child is (its age, gender, ethnicity) is as the kept record has it; one record's confidential home hides both.
"""

from importlib import import_module

from django.db import migrations

before = import_module("risk.migrations.0010_a_case_by_reference")

RECORD = """CASE WHEN e.child_id = c.id THEN ''
            ELSE (SELECT o.reference FROM referrals_child o WHERE o.id = e.child_id) END AS record"""
ALONE = "FROM referrals_child c WHERE c.id IN (SELECT r.id FROM referrals_by_reference(ARRAY[asked], '') r)"
TOGETHER = """FROM (SELECT referrals_records_by_reference(asked) AS numbers) whole
        JOIN referrals_child c ON c.id = whole.numbers[1]"""
AGAIN = before.READ.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def together() -> str:
    read = AGAIN.replace(ALONE, TOGETHER)
    read = read.replace("SELECT e.reference, f.referred_on", f"SELECT e.reference, {RECORD}, f.referred_on")
    for row in "same":  # of statuses, addresses, times missing and episodes; the details (d) are the kept one's
        read = read.replace(f"WHERE {row}.child_id = c.id", f"WHERE {row}.child_id = ANY (whole.numbers)")
    return read


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0016_missing_slot"),
        ("referrals", "0051_records_by_reference"),
    ]

    operations = [migrations.RunSQL(together(), AGAIN)]
