"""What is taken back: a one-time link, and checks that were asked for a referral put to the wrong child.

The application writes of a check that is there only that it is withdrawn; who sees the child whole may.
"""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MAY = """
SELECT hub_app_may('SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_by_id)', 'referrals_agencycheck');
"""
MAY_NOT = "SELECT hub_app_may('SELECT, INSERT', 'referrals_agencycheck');"


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0013_whose_referrers_get_a_link'),
        ('referrals', '0045_joinings_are_walled'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='agencycheck',
            name='referral',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.referral'),
        ),
        migrations.AddField(
            model_name='agencycheck',
            name='withdrawn_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='agencycheck',
            name='withdrawn_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='referrallink',
            name='withdrawn_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='referrallink',
            name='withdrawn_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='agencycheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='referrals_agencycheck_withdrawn_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='referrallink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='referrals_referrallink_withdrawn_by_whom'),
        ),
        migrations.RunSQL(MAY, MAY_NOT),
    ]
