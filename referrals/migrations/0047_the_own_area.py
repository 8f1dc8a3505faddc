"""A fourth rule of unusual access: the child lives where the person lives."""
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0046_what_is_taken_back'),
    ]

    operations = [
        migrations.AlterField(
            model_name='unusualaccess',
            name='rule',
            field=models.CharField(choices=[('surname', 'Own surname'), ('area', 'Own area'), ('hours', 'At night or on a rest day'), ('many', 'Many records')], max_length=10),
        ),
    ]
