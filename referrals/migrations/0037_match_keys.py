"""The keys by which a child is found that was misspelt: how a name sounds, how it begins and ends, the birth, the numbers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0006_a_standing_is_found_at_once'),
        ('referrals', '0036_checks_are_walled'),
    ]

    operations = [
        migrations.CreateModel(
            name='MatchKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('who', 'Own name and birth'), ('alias', 'Other names'), ('numbers', 'NHS and pupil number')], max_length=7)),
                ('key', models.BigIntegerField()),
                ('child', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.child')),
                ('partnership', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
            ],
            options={
                'indexes': [models.Index(fields=['key', 'partnership', 'child'], name='referrals_matchkey_found'), models.Index(fields=['child'], name='referrals_matchkey_of')],
            },
        ),
    ]
