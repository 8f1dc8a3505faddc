"""Grants on a child's record in guardian's tables, what they show, and restrictions."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('hub', '0007_trail_in_months'),
        ('partners', '0004_agencies_and_services_are_groups'),
        ('referrals', '0009_the_second_wall'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GroupGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('because', models.TextField()),
                ('by_referral', models.BooleanField(db_default=False, default=False)),
                ('starts_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_because', models.TextField(db_default='', default='')),
                ('content_object', models.ForeignKey(db_column='child_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.child')),
                ('ended_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.episode')),
                ('granted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'abstract': False,
            "constraints": [models.CheckConstraint(condition=models.Q(('by_referral', True), ('granted_by__isnull', False), _connector='OR'), name='referrals_groupgrant_given_by_whom'), models.CheckConstraint(condition=models.Q(('expires_at__isnull', True), ('expires_at__gt', models.F('starts_at')), _connector='OR'), name='referrals_groupgrant_ends_after_start'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('content_object', 'group', 'episode', 'by_referral'), name='referrals_groupgrant_once', nulls_distinct=False)],"indexes": [models.Index(condition=models.Q(('by_referral', True), ('ended_at__isnull', True)), fields=['episode'], name='referrals_groupgrant_referred')],},
        ),
        migrations.CreateModel(
            name='PersonGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('because', models.TextField()),
                ('by_referral', models.BooleanField(db_default=False, default=False)),
                ('starts_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_because', models.TextField(db_default='', default='')),
                ('content_object', models.ForeignKey(db_column='child_id', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.child')),
                ('ended_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.episode')),
                ('granted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            "constraints": [models.CheckConstraint(condition=models.Q(('by_referral', True), ('granted_by__isnull', False), _connector='OR'), name='referrals_persongrant_given_by_whom'), models.CheckConstraint(condition=models.Q(('expires_at__isnull', True), ('expires_at__gt', models.F('starts_at')), _connector='OR'), name='referrals_persongrant_ends_after_start'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('content_object', 'user'), name='referrals_persongrant_once')],},
        ),
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=1)),
                ('known_from', models.DateTimeField()),
                ('reason', models.TextField(db_default='', default='')),
                ('superseded_at', models.DateTimeField(null=True)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('to_known_from', models.DateTimeField(null=True)),
                ('kind', models.CharField(choices=[('named', 'Only people named see it'), ('conflict', 'A person is shut out')], max_length=10)),
                ('because', models.TextField()),
                ('from_date', models.DateField()),
                ('to_date', models.DateField(null=True)),
                ('child', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.child')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
                ('superseded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('superseded_source', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hub.factsource')),
            ],
            options={
                'abstract': False,
            "constraints": [models.CheckConstraint(condition=models.Q(('source__isnull', False), ('recorded_by__isnull', False), _connector='XOR'), name='referrals_restriction_brought_or_recorded'), models.CheckConstraint(condition=models.Q(models.Q(('superseded_at__isnull', True), ('superseded_by__isnull', True), ('superseded_source__isnull', True)), models.Q(('superseded_at__isnull', False), models.Q(('superseded_source__isnull', False), ('superseded_by__isnull', False), _connector='XOR')), _connector='OR'), name='referrals_restriction_superseded_by_whom'), models.UniqueConstraint(fields=('child', 'kind', 'person', 'from_date', 'position', 'superseded_at'), name='referrals_restriction_current', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('to_date__isnull', True), ('to_known_from__isnull', False), _connector='OR'), name='referrals_restriction_end_known'), models.CheckConstraint(condition=models.Q(('kind', 'conflict'), ('person__isnull', True), _connector='XOR'), name='referrals_restriction_of_whom')],"indexes": [models.Index(condition=models.Q(('superseded_at__isnull', True), ('to_date__isnull', True)), fields=['child'], include=('kind', 'person'), name='referrals_restriction_stands')],},
        ),
        migrations.CreateModel(
            name='Sight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.BigIntegerField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('child', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.child')),
                ('episode', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.episode')),
                ('group_grant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.groupgrant')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('person_grant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.persongrant')),
            ],
        options={"indexes": [models.Index(fields=['audience', 'episode'], include=('child', 'expires_at', 'partnership'), name='referrals_sight_of'), models.Index(condition=models.Q(('episode__isnull', True)), fields=['child'], name='referrals_sight_whole')]},),
        ]
