"""Emergency accesses, their alerts and their reviews."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0004_agencies_and_services_are_groups'),
        ('referrals', '0014_what_is_shown_is_found_quickly'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='persongrant',
            name='emergency',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='EmergencyAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('hours', models.PositiveSmallIntegerField()),
                ('because', models.TextField()),
                ('outcome', models.CharField(choices=[('opened', 'A hidden record was opened'), ('seen', 'The person could see this record anyway'), ('nothing', 'No record answers'), ('several', 'Several records answer, so none was opened'), ('shut_out', 'The person is shut out of this record, so it was not opened')], max_length=10)),
                ('record', models.CharField(db_default='', default='', max_length=60)),
                ('ends_at', models.DateTimeField(null=True)),
                ('grant', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='emergency_access', to='referrals.persongrant')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        options={"indexes": [models.Index(condition=models.Q(('grant__isnull', False)), fields=['person', 'ends_at'], name='referrals_emergency_of'), models.Index(fields=['partnership', 'asked_at'], name='referrals_emergency_asked')],"constraints": [models.CheckConstraint(condition=models.Q(('hours__in', (1, 4, 12))), name='referrals_emergencyaccess_hours'), models.CheckConstraint(condition=models.Q(models.Q(('ends_at__isnull', False), ('grant__isnull', False), ('outcome', 'opened')), models.Q(models.Q(('outcome', 'opened'), _negated=True), ('ends_at__isnull', True), ('grant__isnull', True)), _connector='OR'), name='referrals_emergencyaccess_opened')]},),
        migrations.CreateModel(
            name='EmergencyAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, unique=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('emergency', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='referrals.emergencyaccess')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
            ],
        options={"indexes": [models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['id'], name='referrals_alert_unsent')]},),
        migrations.CreateModel(
            name='EmergencyReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('justified', 'Justified'), ('not_justified', 'Not justified'), ('needs_action', 'Needs action')], max_length=20)),
                ('words', models.TextField()),
                ('reviewed_at', models.DateTimeField()),
                ('emergency', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='referrals.emergencyaccess')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('reviewed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        ]
