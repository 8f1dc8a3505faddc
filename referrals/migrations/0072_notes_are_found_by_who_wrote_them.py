"""The notes of an agency, and of a person, are found without reading all."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('referrals', '0071_identifications_are_read_by_reviewers')]

    operations = [
        migrations.AddIndex(
            model_name='note',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True)), fields=['agency', '-happened_on'], name='referrals_note_of_agency'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True)), fields=['author', '-happened_on'], name='referrals_note_of_author'),
        ),
    ]
