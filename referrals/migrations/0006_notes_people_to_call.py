import django.db.models.deletion
import django.db.models.functions.datetime
"""Notes and people to call, facts like all others: the trigger that keeps facts is put on them too."""

from django.conf import settings
from django.db import migrations, models

# Table, and the columns that a spell learns once, when its end becomes known.
TABLES = {"referrals_note": "", "referrals_persontocall": "to_date,to_known_from"}


def keep(table: str, ending: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION hub_keep_facts('{{{ending}}}');",
        f"DROP TRIGGER keep_facts ON {table};",
    )


class Migration(migrations.Migration):

    dependencies = [
        ('hub', '0004_heartbeat'),
        ('partners', '0002_agencies_have_a_telephone'),
        ('referrals', '0005_names_are_found'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=1)),
                ('known_from', models.DateTimeField()),
                ('reason', models.TextField(db_default='', default='')),
                ('superseded_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('kind', models.CharField(max_length=20)),
                ('happened_on', models.DateField()),
                ('happened_at', models.DateTimeField(help_text='where the time of day is known', null=True)),
                ('with_whom', models.CharField(default='', max_length=200)),
                ('text', models.TextField(default='')),
                ('own_words', models.TextField(default='')),
                ('agency', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.agency')),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('child', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='referrals.child')),
                ('episode', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='referrals.episode')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('recorded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
                ('superseded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('superseded_source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('source__isnull', False), ('recorded_by__isnull', False), _connector='XOR'), name='referrals_note_brought_or_recorded'), models.CheckConstraint(condition=models.Q(models.Q(('superseded_at__isnull', True), ('superseded_by__isnull', True), ('superseded_source__isnull', True)), models.Q(('superseded_at__isnull', False), models.Q(('superseded_source__isnull', False), ('superseded_by__isnull', False), _connector='XOR')), _connector='OR'), name='referrals_note_superseded_by_whom'), models.UniqueConstraint(fields=('child', 'position', 'superseded_at'), name='referrals_note_current', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('own_words', ''), ('text', ''), _negated=True), name='referrals_note_says_something')],
            },
        ),
        migrations.CreateModel(
            name='PersonToCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=1)),
                ('known_from', models.DateTimeField()),
                ('reason', models.TextField(db_default='', default='')),
                ('superseded_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('to_known_from', models.DateTimeField(null=True)),
                ('name', models.CharField(max_length=120)),
                ('relation', models.CharField(max_length=20)),
                ('telephone', models.CharField(default='', max_length=30)),
                ('safe_notes', models.CharField(default='', max_length=500)),
                ('preferred', models.BooleanField(default=False)),
                ('ask_first', models.BooleanField(default=False)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(null=True)),
                ('child', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='people_to_call', to='referrals.child')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('recorded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
                ('superseded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('superseded_source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('source__isnull', False), ('recorded_by__isnull', False), _connector='XOR'), name='referrals_persontocall_brought_or_recorded'), models.CheckConstraint(condition=models.Q(models.Q(('superseded_at__isnull', True), ('superseded_by__isnull', True), ('superseded_source__isnull', True)), models.Q(('superseded_at__isnull', False), models.Q(('superseded_source__isnull', False), ('superseded_by__isnull', False), _connector='XOR')), _connector='OR'), name='referrals_persontocall_superseded_by_whom'), models.UniqueConstraint(fields=('child', 'position', 'superseded_at'), name='referrals_persontocall_current', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('to_date__isnull', True), ('to_known_from__isnull', False), _connector='OR'), name='referrals_persontocall_end_known')],
            },
        ),
        *(keep(table, ending) for table, ending in TABLES.items()),
    ]
