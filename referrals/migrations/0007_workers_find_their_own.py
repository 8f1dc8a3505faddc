from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0006_notes_people_to_call'),
    ]

    operations = [
        migrations.AlterField(
            model_name='allocation',
            name='worker',
            field=models.CharField(help_text='a user name here, or the staff reference that an extract has', max_length=80),
        ),
        migrations.AddIndex(
            model_name='allocation',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True)), fields=['partnership', 'worker'], name='referrals_allocation_mine'),
        ),
    ]
