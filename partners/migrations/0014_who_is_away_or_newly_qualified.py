"""Who is away and who covers, and who is newly qualified: of workers alone, so open as posts are.

What is entered never changes; it is ended once.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


KEPT = """
CREATE FUNCTION partners_staffing_is_ended_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id']
            IS DISTINCT FROM to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id'] THEN
        RAISE EXCEPTION 'this is ended once, and nothing else of it changes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ended_once BEFORE UPDATE ON partners_absence
    FOR EACH ROW EXECUTE FUNCTION partners_staffing_is_ended_once();
CREATE TRIGGER ended_once BEFORE UPDATE ON partners_newlyqualified
    FOR EACH ROW EXECUTE FUNCTION partners_staffing_is_ended_once();
SELECT hub_app_may('SELECT, INSERT, UPDATE', 'partners_absence');
SELECT hub_app_may('SELECT, INSERT, UPDATE', 'partners_newlyqualified');
SELECT hub_watch('partners_absence', 'plain');
SELECT hub_watch('partners_newlyqualified', 'plain');
"""
NOT_KEPT = """
SELECT hub_unwatch('partners_newlyqualified');
SELECT hub_unwatch('partners_absence');
DROP TRIGGER ended_once ON partners_newlyqualified;
DROP TRIGGER ended_once ON partners_absence;
DROP FUNCTION partners_staffing_is_ended_once();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('hub', '0009_the_second_wall'),
        ('partners', '0013_whose_referrers_get_a_link'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(help_text='the last day, included')),
                ('entered_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.agency')),
                ('cover', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covers', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on')), models.Q(('user', models.F('cover')), _negated=True)), name='partners_absence_days'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='partners_absence_ended_by_whom')],
            },
        ),
        migrations.CreateModel(
            name='NewlyQualified',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(help_text='the last day, included')),
                ('entered_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='qualifying', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='partners_newlyqualified_days'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='partners_newlyqualified_ended_by_whom')],
            },
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
