"""Agency checks and their answers."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hub', '0017_single_sign_on'),
        ('partners', '0012_checks_are_asked'),
        ('referrals', '0034_referrals_are_walled'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AgencyCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(choices=[('new_referral', 'New referral'), ('new_information', 'New information'), ('meeting', 'Asked by the meeting')], max_length=20)),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.agency')),
                ('asked_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.child')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='referrals.episode')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
            ],
        ),
        migrations.CreateModel(
            name='CheckAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=1)),
                ('known_from', models.DateTimeField()),
                ('reason', models.TextField(db_default='', default='')),
                ('superseded_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('knows', models.CharField(choices=[('held', 'We know something'), ('nothing', 'Nothing held')], max_length=10)),
                ('text', models.TextField(default='')),
                ('sources', models.CharField(max_length=300)),
                ('seen_by', models.CharField(db_default='hub', default='hub', max_length=10)),
                ('for_agencies', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, size=None)),
                ('conditions', models.CharField(db_default='', default='', max_length=300)),
                ('source_protected', models.BooleanField(db_default=False, default=False)),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.agency')),
                ('asked', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='referrals.agencycheck')),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('child', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.child')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('recorded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
                ('superseded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('superseded_source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='agencycheck',
            index=models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['agency', 'due_at'], name='referrals_check_outstanding'),
        ),
        migrations.AddIndex(
            model_name='agencycheck',
            index=models.Index(condition=models.Q(('answered_at__isnull', False)), fields=['agency', '-answered_at'], name='referrals_check_answered'),
        ),
        migrations.AddConstraint(
            model_name='agencycheck',
            constraint=models.UniqueConstraint(fields=('episode', 'agency', 'asked_at'), name='referrals_agencycheck_once'),
        ),
        migrations.AddConstraint(
            model_name='checkanswer',
            constraint=models.CheckConstraint(condition=models.Q(('source__isnull', False), ('recorded_by__isnull', False), _connector='XOR'), name='referrals_checkanswer_brought_or_recorded'),
        ),
        migrations.AddConstraint(
            model_name='checkanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('superseded_at__isnull', True), ('superseded_by__isnull', True), ('superseded_source__isnull', True)), models.Q(('superseded_at__isnull', False), models.Q(('superseded_source__isnull', False), ('superseded_by__isnull', False), _connector='XOR')), _connector='OR'), name='referrals_checkanswer_superseded_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='checkanswer',
            constraint=models.UniqueConstraint(fields=('asked', 'position', 'superseded_at'), name='referrals_checkanswer_current', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='checkanswer',
            constraint=models.CheckConstraint(condition=models.Q(('knows', 'held'), ('text', ''), _negated=True), name='referrals_checkanswer_says_something'),
        ),
        migrations.AddConstraint(
            model_name='checkanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('for_agencies', []), ('seen_by__in', ['hub', 'everybody', 'own'])), models.Q(('seen_by', 'named'), models.Q(('for_agencies', []), _negated=True)), _connector='OR'), name='referrals_checkanswer_marked'),
        ),
    ]
