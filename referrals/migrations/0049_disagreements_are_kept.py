"""Professional disagreements: each step a fact that is kept, behind the wall of those who see whole cases."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
ALL = "(SELECT hub_sees_all()) AND child_id NOT IN (SELECT unnest((SELECT hub_hidden_children())))"
SHOWN = """(
    (SELECT current_user <> 'hub_app') OR episode_id NOT IN (SELECT unnest((SELECT hub_hidden_episodes()))))"""
WALL = f"""
SELECT hub_wall('referrals_disagreement', $${OWN} AND {ALL}$$);
CREATE POLICY added_beneath ON referrals_disagreement AS RESTRICTIVE FOR INSERT WITH CHECK {SHOWN};
CREATE POLICY changed_beneath ON referrals_disagreement AS RESTRICTIVE FOR UPDATE USING (true)
    WITH CHECK {SHOWN};
CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON referrals_disagreement
    FOR EACH ROW EXECUTE FUNCTION hub_keep_facts('{{}}');
SELECT hub_watch('referrals_disagreement', 'kept');
"""
NO_WALL = """
SELECT hub_unwatch('referrals_disagreement');
DROP TRIGGER keep_facts ON referrals_disagreement;
SELECT hub_no_wall('referrals_disagreement');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('hub', '0019_by_a_link'),
        ('partners', '0014_who_is_away_or_newly_qualified'),
        ('referrals', '0048_more_matters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Disagreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=1)),
                ('known_from', models.DateTimeField()),
                ('reason', models.TextField(db_default='', default='')),
                ('superseded_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('number', models.PositiveIntegerField(help_text="of the episode's own, from 1")),
                ('issue', models.TextField()),
                ('level', models.PositiveSmallIntegerField()),
                ('due_on', models.DateField()),
                ('state', models.CharField(choices=[('open', 'Open'), ('agreed', 'Agreed'), ('decided', 'Decided at this level'), ('taken_back', 'Taken back')], default='open', max_length=10)),
                ('against', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.agency')),
                ('child', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.child')),
                ('episode', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='disagreements', to='referrals.episode')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('raised_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.agency')),
                ('recorded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
                ('superseded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('superseded_source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['child'], name='referrals_disagreement_child'), models.Index(condition=models.Q(('state', 'open'), ('superseded_at__isnull', True)), fields=['partnership', 'due_on'], name='referrals_disagreement_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source__isnull', False), ('recorded_by__isnull', False), _connector='XOR'), name='referrals_disagreement_brought_or_recorded'), models.CheckConstraint(condition=models.Q(models.Q(('superseded_at__isnull', True), ('superseded_by__isnull', True), ('superseded_source__isnull', True)), models.Q(('superseded_at__isnull', False), models.Q(('superseded_source__isnull', False), ('superseded_by__isnull', False), _connector='XOR')), _connector='OR'), name='referrals_disagreement_superseded_by_whom'), models.UniqueConstraint(fields=('episode', 'number', 'position', 'superseded_at'), name='referrals_disagreement_current', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('level__in', [1, 2, 3, 4])), name='referrals_disagreement_at_a_level')],
            },
        ),
        migrations.RunSQL(WALL, NO_WALL),
    ]
