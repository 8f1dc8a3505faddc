"""Places put forward for a day's meeting, for those who see whole cases and the referral that tells of it."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

WALL = """
SELECT hub_wall('risk_placeforward', $$(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))
    AND (SELECT hub_sees_all()) AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)$$);
CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON risk_placeforward
    FOR EACH ROW EXECUTE FUNCTION hub_keep_facts('{}');
SELECT hub_watch('risk_placeforward', 'kept');
"""
NO_WALL = """
SELECT hub_unwatch('risk_placeforward'); DROP TRIGGER keep_facts ON risk_placeforward;
SELECT hub_no_wall('risk_placeforward');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('hub', '0020_where_people_live'),
        ('partners', '0014_who_is_away_or_newly_qualified'),
        ('referrals', '0052_references_run_on'),
        ('risk', '0018_agendas_run_on'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PlaceForward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=1)),
                ('known_from', models.DateTimeField()),
                ('reason', models.TextField(db_default='', default='')),
                ('superseded_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('for_day', models.DateField()),
                ('because', models.TextField()),
                ('discussed_on', models.DateField(null=True)),
                ('came_of_it', models.TextField(db_default='', default='')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('recorded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('referral', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.referral')),
                ('source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
                ('superseded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('superseded_source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('superseded_at__isnull', True)), fields=['partnership', 'for_day'], name='risk_placeforward_stands')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source__isnull', False), ('recorded_by__isnull', False), _connector='XOR'), name='risk_placeforward_brought_or_recorded'), models.CheckConstraint(condition=models.Q(models.Q(('superseded_at__isnull', True), ('superseded_by__isnull', True), ('superseded_source__isnull', True)), models.Q(('superseded_at__isnull', False), models.Q(('superseded_source__isnull', False), ('superseded_by__isnull', False), _connector='XOR')), _connector='OR'), name='risk_placeforward_superseded_by_whom'), models.UniqueConstraint(fields=('referral', 'for_day', 'position', 'superseded_at'), name='risk_placeforward_current', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('came_of_it', ''), ('discussed_on', None)), models.Q(('discussed_on__isnull', False), models.Q(('came_of_it', ''), _negated=True)), _connector='OR'), name='risk_placeforward_discussed_whole')],
            },
        ),
        migrations.RunSQL(WALL, NO_WALL),
    ]
