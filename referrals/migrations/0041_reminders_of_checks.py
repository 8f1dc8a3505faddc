"""Reminders of checks: rows that the timer makes and sends, and nobody else reads."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models


WALL = """
SELECT hub_wall('referrals_checkreminder', $$(SELECT hub_every_partnership()) AND (SELECT hub_may('partnership.set_up'))$$);
SELECT hub_app_may('SELECT, INSERT, UPDATE (sent_at)', 'referrals_checkreminder');
SELECT hub_watch('referrals_checkreminder', 'plain');
"""
NO_WALL = "SELECT hub_unwatch('referrals_checkreminder'); SELECT hub_no_wall('referrals_checkreminder');"


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0012_checks_are_asked'),
        ('referrals', '0040_measures_are_walled'),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('before', 'due within the hour'), ('after', 'overdue')], max_length=10)),
                ('message', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, unique=True)),
                ('made_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.agency')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['id'], name='referrals_checkreminder_unsent')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'due_at', 'kind'), name='referrals_checkreminder_once')],
            },
        ),
        migrations.RunSQL(WALL, NO_WALL),
    ]
