"""Each identification bears the child's reference, and may have its review."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0014_who_is_away_or_newly_qualified'),
        ('referrals', '0060_charities_disagree'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='identification',
            name='record',
            field=models.CharField(db_default='', default='', max_length=60),
        ),
        migrations.AddIndex(
            model_name='identification',
            index=models.Index(fields=['partnership', 'starts_at'], name='referrals_identified_when'),
        ),
        migrations.CreateModel(
            name='IdentificationReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField()),
                ('reviewed_at', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('justified', 'Justified'), ('to_be_asked', 'The person is to be asked'), ('breach', 'Breach')], max_length=20)),
                ('access', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='referrals.identification')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partnership')),
                ('reviewed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
