"""A search by names alone stops where nobody would read on: it need not fetch thousands to say "too many".

With a day of birth or a reference beside the names all of them count, for the other narrows them.
"""

from importlib import import_module

from django.db import migrations

FIRST = import_module("referrals.migrations.0013_found_past_the_wall")
ALL = "WHERE (everywhere OR found.partnership_id = ours) AND found.child_id <> ALL (hidden)"
SOME = FIRST.FUNCTION.replace("asked {kind})", "asked {kind}, most integer DEFAULT NULL)").replace(
    "FROM ({found}) found\n        " + ALL,
    "FROM (SELECT found.child_id FROM ({found}) found\n        " + ALL + " LIMIT most) found",
)
OLD = "".join(f"DROP FUNCTION {name}({kind});" for name, (kind, _) in FIRST.FUNCTIONS.items())
NEW = "".join(f"DROP FUNCTION {name}({kind}, integer);" for name, (kind, _) in FIRST.FUNCTIONS.items())


def _made(template: str) -> str:
    return "".join(
        template.format(name=name, kind=kind, found=found) for name, (kind, found) in FIRST.FUNCTIONS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("referrals", "0028_a_reference_is_found_at_once")]

    operations = [migrations.RunSQL(OLD + _made(SOME), NEW + _made(FIRST.FUNCTION))]
