"""Which columns of an extract say who somebody is, or may: not shown to one who works by reference."""

IDENTIFYING = frozenset(
    {
        "forenames",
        "surname",
        "date_of_birth",
        "nhs_number",
        "upn",
        "name",
        "line",
        "postcode",
        "rationale",
        "victim_ref",
        "victim_date_of_birth",
    }
)
NAMES_NOBODY = frozenset(
    {"referring_agency", "category", "worker", "worker_name", "agency", "service", "offence_code"}
)
"""Free texts beside: of the people who work with a child, of kinds and codes. The rest is coded or a day."""
