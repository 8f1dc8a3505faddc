"""The one door for operators: every command of the hub starts here."""

import os
import sys


def main() -> None:
    """Give the command its engines, then hand over to Django; say plainly where there is no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    from hub.engines.actions import provide_environment

    provide_environment(sys.argv)
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        sys.exit(f"The database does not answer: {str(error).splitlines()[0]}")
    except ProgrammingError as error:
        if "does not exist" not in str(error):
            raise
        sys.exit(
            "The database lacks tables that this command needs: run 'manage.py migrate' first."
        )
    except ValueError as error:
        if "_URL" not in str(error):
            raise
        sys.exit(str(error))


if __name__ == "__main__":
    main()
