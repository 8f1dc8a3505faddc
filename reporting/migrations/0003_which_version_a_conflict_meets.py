"""Conflicts say which version of the hub they meet, which extract brought them, and what stands."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0002_extract_uploads'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='importconflict',
            name='stands',
            field=models.CharField(choices=[('hub', "The hub's record"), ('extract', "The extract's value"), ('both', 'Both, side by side')], default='', max_length=10),
        ),
        migrations.AddField(
            model_name='importconflict',
            name='fact_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='importconflict',
            name='fact_table',
            field=models.CharField(default='', max_length=60),
        ),
        migrations.AddField(
            model_name='importconflict',
            name='imported_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='importconflict',
            name='label',
            field=models.CharField(default='', max_length=100),
        ),
        migrations.AddField(
            model_name='importconflict',
            name='place',
            field=models.PositiveIntegerField(default=1),
        ),
    ]
