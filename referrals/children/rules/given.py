"""Whether a machine is given a child's address."""

GIVEN, WITHHELD, NOT_RECORDED = "given", "withheld", "not_recorded"


def address_state(*, found: bool, confidential: bool, shown_addresses: bool) -> str:
    """Say how it stands; a confidential one is given to nobody, whatever else is recorded."""
    if confidential or not shown_addresses:
        return WITHHELD
    return GIVEN if found else NOT_RECORDED
