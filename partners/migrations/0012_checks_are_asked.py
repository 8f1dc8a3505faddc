"""When the daily meeting begins, by when agencies answer, which are asked, and where a reminder goes."""

import datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0011_days_of_a_referral'),
    ]

    operations = [
        migrations.AddField(
            model_name='agency',
            name='asked_checks',
            field=models.BooleanField(db_default=True, default=True, help_text='asked what it knows about a child, unless somebody says otherwise'),
        ),
        migrations.AddField(
            model_name='agency',
            name='mailbox',
            field=models.EmailField(db_default='', default='', help_text="the team's, for reminders that name nobody", max_length=254),
        ),
        migrations.AddField(
            model_name='partnership',
            name='checks_due_at',
            field=models.TimeField(db_default=datetime.time(8, 30), default=datetime.time(8, 30), help_text='by when agencies answer, on the next working day'),
        ),
        migrations.AddField(
            model_name='partnership',
            name='meets_at',
            field=models.TimeField(db_default=datetime.time(9, 30), default=datetime.time(9, 30), help_text='when the daily meeting begins'),
        ),
    ]
