"""A review points to what it reviews by one name, whatever that is."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0023_disclosures_are_walled")]

    operations = [
        migrations.RenameField("emergencyreview", "emergency", "access"),
        migrations.RenameField("unusualaccessreview", "finding", "access"),
        migrations.AlterField(
            "emergencyreview",
            "access",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="review",
                to="referrals.emergencyaccess",
            ),
        ),
        migrations.AlterField(
            "unusualaccessreview",
            "access",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="review",
                to="referrals.unusualaccess",
            ),
        ),
    ]
