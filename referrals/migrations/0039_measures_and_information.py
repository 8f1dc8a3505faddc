"""New information on episodes, measures, and the indexes that the day's list goes by."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hub', '0018_a_name_is_one_name'),
        ('partners', '0012_checks_are_asked'),
        ('referrals', '0038_keys_are_kept'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Information',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.PositiveIntegerField(unique=True)),
                ('kind', models.CharField(choices=[('told', 'What the child told'), ('concern', 'Concern of a professional'), ('family', 'Concern of the family'), ('sighting', 'Seen with somebody, or somewhere'), ('online', 'Contact online'), ('gifts', 'Gifts or money'), ('health', 'Health or injury'), ('education', 'Absence from school'), ('place', 'A place or an address'), ('other', 'Something else')], max_length=20)),
                ('source', models.CharField(max_length=4)),
                ('recorded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=1)),
                ('known_from', models.DateTimeField()),
                ('reason', models.TextField(db_default='', default='')),
                ('superseded_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('matter', models.CharField(choices=[('social_care', 'Referral to social care'), ('strategy', 'Strategy discussion'), ('step', 'Stepping up and down')], max_length=20)),
                ('state', models.CharField(max_length=20)),
                ('on', models.DateField()),
                ('because', models.TextField(default='')),
                ('agencies', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, size=None)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='episode',
            index=models.Index(condition=models.Q(('closed_on__isnull', True), ('level', '')), fields=['partnership', 'id'], name='referrals_episode_undecided'),
        ),
        migrations.AddIndex(
            model_name='missingepisode',
            index=models.Index(condition=models.Q(('found_at__isnull', True), ('superseded_at__isnull', True)), fields=['partnership', 'missing_from'], name='referrals_missing_now'),
        ),
        migrations.AddField(
            model_name='information',
            name='child',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.child'),
        ),
        migrations.AddField(
            model_name='information',
            name='episode',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='information', to='referrals.episode'),
        ),
        migrations.AddField(
            model_name='information',
            name='partnership',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership'),
        ),
        migrations.AddField(
            model_name='information',
            name='recorded_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='measure',
            name='child',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.child'),
        ),
        migrations.AddField(
            model_name='measure',
            name='episode',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='referrals.episode'),
        ),
        migrations.AddField(
            model_name='measure',
            name='partnership',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership'),
        ),
        migrations.AddField(
            model_name='measure',
            name='recorded_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='measure',
            name='source',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource'),
        ),
        migrations.AddField(
            model_name='measure',
            name='superseded_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='measure',
            name='superseded_source',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource'),
        ),
        migrations.AddIndex(
            model_name='information',
            index=models.Index(fields=['partnership', 'recorded_at'], name='referrals_information_new'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(('source__isnull', False), ('recorded_by__isnull', False), _connector='XOR'), name='referrals_measure_brought_or_recorded'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('superseded_at__isnull', True), ('superseded_by__isnull', True), ('superseded_source__isnull', True)), models.Q(('superseded_at__isnull', False), models.Q(('superseded_source__isnull', False), ('superseded_by__isnull', False), _connector='XOR')), _connector='OR'), name='referrals_measure_superseded_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.UniqueConstraint(fields=('episode', 'matter', 'on', 'position', 'superseded_at'), name='referrals_measure_current', nulls_distinct=False),
        ),
    ]
