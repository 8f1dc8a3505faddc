"""That two records are of one child."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hub', '0019_by_a_link'),
        ('partners', '0013_whose_referrers_get_a_link'),
        ('referrals', '0043_one_time_links_are_walled'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Joining',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=1)),
                ('known_from', models.DateTimeField()),
                ('reason', models.TextField(db_default='', default='')),
                ('superseded_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('child', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='joinings', to='referrals.child')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='joined', to='referrals.child')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('recorded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
                ('superseded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('superseded_source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('source__isnull', False), ('recorded_by__isnull', False), _connector='XOR'), name='referrals_joining_brought_or_recorded'), models.CheckConstraint(condition=models.Q(models.Q(('superseded_at__isnull', True), ('superseded_by__isnull', True), ('superseded_source__isnull', True)), models.Q(('superseded_at__isnull', False), models.Q(('superseded_source__isnull', False), ('superseded_by__isnull', False), _connector='XOR')), _connector='OR'), name='referrals_joining_superseded_by_whom'), models.UniqueConstraint(fields=('child', 'position', 'superseded_at'), name='referrals_joining_current', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('child', models.F('kept')), _negated=True), name='referrals_joining_of_two_records')],
            },
        ),
    ]
