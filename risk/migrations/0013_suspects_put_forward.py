"""Suspects put forward for a day's meeting, the police's alone to see."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


WALL = """
SELECT hub_wall('risk_putforward', $$(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))
    AND (SELECT hub_sees_police())$$);
CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON risk_putforward
    FOR EACH ROW EXECUTE FUNCTION hub_keep_facts('{}');
SELECT hub_watch('risk_putforward', 'kept');
"""
NO_WALL = """
SELECT hub_unwatch('risk_putforward'); DROP TRIGGER keep_facts ON risk_putforward;
SELECT hub_no_wall('risk_putforward');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('hub', '0018_a_name_is_one_name'),
        ('partners', '0012_checks_are_asked'),
        ('risk', '0012_meetings_are_walled'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PutForward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=1)),
                ('known_from', models.DateTimeField()),
                ('reason', models.TextField(db_default='', default='')),
                ('superseded_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('for_day', models.DateField()),
                ('because', models.TextField()),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('recorded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
                ('superseded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('superseded_source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
                ('suspect', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.suspect')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('superseded_at__isnull', True)), fields=['partnership', 'for_day'], name='risk_putforward_stands')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source__isnull', False), ('recorded_by__isnull', False), _connector='XOR'), name='risk_putforward_brought_or_recorded'), models.CheckConstraint(condition=models.Q(models.Q(('superseded_at__isnull', True), ('superseded_by__isnull', True), ('superseded_source__isnull', True)), models.Q(('superseded_at__isnull', False), models.Q(('superseded_source__isnull', False), ('superseded_by__isnull', False), _connector='XOR')), _connector='OR'), name='risk_putforward_superseded_by_whom'), models.UniqueConstraint(fields=('suspect', 'for_day', 'position', 'superseded_at'), name='risk_putforward_current', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(WALL, NO_WALL),
    ]
