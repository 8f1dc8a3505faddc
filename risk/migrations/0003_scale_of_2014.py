"""The scale of the Bradford hub from 2014, and the suspects' own."""

from datetime import date

from django.db import migrations

SCALES = [
    (
        "cse-2014",
        "CSE risk, 2014",
        date(2014, 1, 1),
        [("NO_RISK", "No CSE risk"), ("LOW", "Low"), ("MEDIUM", "Medium"), ("HIGH", "High")],
    ),
    (
        "suspect-2014",
        "Suspect risk, 2014",
        date(2014, 1, 1),
        [("UNSUBSTANTIATED", "Unsubstantiated"), ("LOW", "Low"), ("MEDIUM", "Medium"), ("HIGH", "High")],
    ),
]


def load(apps, schema_editor):
    scale_model = apps.get_model("risk", "RiskScale")
    level_model = apps.get_model("risk", "ScaleLevel")
    for code, name, valid_from, levels in SCALES:
        scale = scale_model.objects.create(code=code, name=name, valid_from=valid_from)
        for rank, (level, label) in enumerate(levels):
            level_model.objects.create(scale=scale, code=level, label=label, rank=rank)


def unload(apps, schema_editor):
    apps.get_model("risk", "ScaleLevel").objects.all().delete()
    apps.get_model("risk", "RiskScale").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("risk", "0002_facts_are_kept")]

    operations = [migrations.RunPython(load, unload)]
