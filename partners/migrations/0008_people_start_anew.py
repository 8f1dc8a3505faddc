"""Ways in anew; and when somebody last said that a post is needed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0007_one_of_several_posts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='confirmed_on',
            field=models.DateField(help_text='when somebody last said that it is needed', null=True),
        ),
        migrations.CreateModel(
            name='Renewal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.BooleanField(default=False)),
                ('reason', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('digest', models.CharField(default='', max_length=64)),
                ('ends_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True), ('digest', ''), ('ends_at__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('ends_at__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='partners_renewal_approved_whole'), models.CheckConstraint(condition=models.Q(('first', True), ('approved_by__isnull', True), models.Q(('approved_by', models.F('asked_by')), _negated=True), _connector='OR'), name='partners_renewal_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('asked_by', models.F('user')), _negated=True), models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('user')), _negated=True), _connector='OR')), name='partners_renewal_not_ones_own')],
            },
        ),
        migrations.RunSQL(
            "SELECT hub_app_may('SELECT, INSERT, UPDATE', 'partners_renewal');"
            "SELECT hub_watch('partners_renewal', 'plain', 'digest');",
            "SELECT hub_unwatch('partners_renewal');",
        ),
    ]
