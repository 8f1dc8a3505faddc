from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('risk', '0004_ends_have_their_moment'),
    ]

    operations = [
        migrations.AddField(
            model_name='risklevel',
            name='agreed',
            field=models.CharField(choices=[('daily', 'Daily meeting'), ('panel', 'Thursday panel'), ('outside', 'Outside a meeting')], db_default='', default='', help_text='empty: not recorded', max_length=10),
        ),
    ]
