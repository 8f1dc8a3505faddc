"""Assessment tools in versions, and the version on which a level rests; they tell of no child."""
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership())) AND (SELECT hub_sees_all())"
WALL = f"""
SELECT hub_wall('risk_tool', $${OWN}$$);
SELECT hub_wall('risk_toolversion', $${OWN}$$);
CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON risk_toolversion
    FOR EACH ROW EXECUTE FUNCTION hub_keep_facts('{{}}');
SELECT hub_watch('risk_toolversion', 'kept'), hub_watch('risk_tool', 'plain');
"""
NO_WALL = """
SELECT hub_unwatch('risk_toolversion'), hub_unwatch('risk_tool');
DROP TRIGGER keep_facts ON risk_toolversion;
SELECT hub_no_wall('risk_toolversion'), hub_no_wall('risk_tool');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('hub', '0019_by_a_link'),
        ('partners', '0013_whose_referrers_get_a_link'),
        ('risk', '0014_measures_of_a_decision'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Tool',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tools', to='partners.partnership')),
            ],
        ),
        migrations.CreateModel(
            name='ToolVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=1)),
                ('known_from', models.DateTimeField()),
                ('reason', models.TextField(db_default='', default='')),
                ('superseded_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('version', models.CharField(db_default='', default='', max_length=20)),
                ('from_day', models.DateField()),
                ('why', models.TextField(db_default='', default='')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('recorded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
                ('superseded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('superseded_source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
                ('tool', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='risk.tool')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='risklevel',
            name='tool_version',
            field=models.ForeignKey(db_index=False, help_text='the version of the assessment tool on which it rests', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.toolversion'),
        ),
        migrations.AddConstraint(
            model_name='tool',
            constraint=models.UniqueConstraint(fields=('partnership', 'name'), name='risk_tool_once'),
        ),
        migrations.AddConstraint(
            model_name='toolversion',
            constraint=models.CheckConstraint(condition=models.Q(('source__isnull', False), ('recorded_by__isnull', False), _connector='XOR'), name='risk_toolversion_brought_or_recorded'),
        ),
        migrations.AddConstraint(
            model_name='toolversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('superseded_at__isnull', True), ('superseded_by__isnull', True), ('superseded_source__isnull', True)), models.Q(('superseded_at__isnull', False), models.Q(('superseded_source__isnull', False), ('superseded_by__isnull', False), _connector='XOR')), _connector='OR'), name='risk_toolversion_superseded_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='toolversion',
            constraint=models.UniqueConstraint(fields=('tool', 'from_day', 'position', 'superseded_at'), name='risk_toolversion_current', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='toolversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('version', ''), _negated=True), models.Q(('why', ''), _negated=True), _connector='OR'), name='risk_toolversion_used_or_why_not'),
        ),
        migrations.RunSQL(WALL, NO_WALL),
    ]
