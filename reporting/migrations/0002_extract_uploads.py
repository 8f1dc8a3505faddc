"""Uploaded extracts, which wait here for their check and their import, and how conflicts were settled."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0001_partnerships_agencies_services'),
        ('reporting', '0001_conflicts_releases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConflictSettlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('settled_at', models.DateTimeField()),
                ('reason', models.TextField()),
                ('conflict', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='settlement', to='reporting.importconflict')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('settled_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ExtractUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uploaded_at', models.DateTimeField()),
                ('file_name', models.CharField(max_length=100)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('skip_bad_rows', models.BooleanField(default=False)),
                ('stored_as', models.CharField(default='', max_length=60)),
                ('faults_in', models.CharField(default='', max_length=60)),
                ('fault_count', models.PositiveIntegerField(default=0)),
                ('warning_count', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(default='uploaded', max_length=10)),
                ('state_since', models.DateTimeField()),
                ('heard_at', models.DateTimeField()),
                ('starts', models.PositiveSmallIntegerField(default=0)),
                ('step', models.CharField(default='', max_length=80)),
                ('part_done', models.PositiveSmallIntegerField(default=0)),
                ('result', models.JSONField(null=True)),
                ('message', models.TextField(default='')),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['partnership', '-id'], name='reporting_e_partner_fbc371_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['cancelled', 'checked', 'checking', 'confirmed', 'failed', 'faulty', 'imported', 'importing', 'uploaded'])), name='reporting_upload_state'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True), models.Q(('state__in', ['confirmed', 'imported', 'importing']), _negated=True)), _connector='OR'), name='reporting_upload_confirmed_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['cancelled', 'failed', 'faulty', 'imported']), ('stored_as', '')), models.Q(models.Q(('state__in', ['cancelled', 'failed', 'faulty', 'imported']), _negated=True), models.Q(('stored_as', ''), _negated=True)), _connector='OR'), name='reporting_upload_file_until_the_end')],
            },
        ),
    ]
