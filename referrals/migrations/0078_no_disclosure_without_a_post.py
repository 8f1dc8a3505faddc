"""What left the hub of no child is read, and entered, by one who holds a post: not by a link's holder.

They act under the operator's number, and would have read what the operator disclosed of nobody's case.
"""

from django.db import migrations

IN_POST = "SELECT hub_wall_in_post('referrals_disclosure');"
BEFORE = """
DROP POLICY seen_in_post ON referrals_disclosure;
DROP POLICY added_in_post ON referrals_disclosure;
DROP POLICY changed_in_post ON referrals_disclosure;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0077_an_episode_bears_whose_it_is"),
        ("hub", "0021_who_has_no_post"),
    ]

    operations = [migrations.RunSQL(IN_POST, BEFORE)]
