"""What the house rules let stand, each with its reason. A line that nothing needs any more fails."""

# Public actions that the rule "keyword-only, takes `by`, atomic" does not fit.
ACTIONS = {
    "partners/people/actions.py:renew": "nobody is signed in, so there is nobody to name",
    "hub/accounts/actions.py:operator": "gives the account as which commands act: nobody else is there",
    "hub/backups/actions.py:back_up": "two transactions: a copy's, that only reads, and the note's after it",
    "hub/health/actions.py:beat": "a worker says that it lives: nobody's deed",
    "reporting/imports/actions/working.py:work_on": "several transactions: others must see how far it is",
    "reporting/imports/actions/files.py:path_of": "gives a path, and writes nothing",
    "reporting/demo/actions/loading.py:bring_up_to_date": "the import within is the transaction",
    "referrals/notes/actions.py:require_own": "says whether one may, and writes nothing",
    "referrals/checks/actions.py:require_asked": "says whether one may, and writes nothing",
    "referrals/grants/actions.py:require_access": "says whether one may, and writes nothing",
    "hub/sessions/actions.py:owner_of": "nobody is signed in; it says whose session it was",
    "partners/machines/actions.py:note_token_refused": "nobody was let in, so there is nobody to name",
    "hub/accounts/actions.py:note_sign_in_refused": "nobody is signed in, so there is nobody to name",
}

# The engines start before Django does: their actions are about processes, not about records.
NOT_OF_THE_DATABASE = {"hub/engines"}

# Doors that touch the database without `visible_to`.
DOORS = {
    "hub/accounts/views/factors.py:mine": "the sign-in library's table, asked for the person's own rows",
    "hub/accounts/views/own.py:_places": "likewise",
    "hub/accounts/single.py:_named": "nobody is signed in yet: it finds who comes",
    "hub/accounts/single.py:_may_vouch": "likewise",
    "reporting/management/commands/load_demo.py:proposer": "in whose name the demo's proposals are made",
    "partners/management/commands/first_administrator.py:_made": "only whether there is one already",
    "hub/accounts/views/own.py:end_session": "likewise",
    "hub/access/context.py:_told": "asks what the transaction was told, and reads no record",
    "hub/access/context.py:_tell": "tells the database who acts, and reads no record",
    "partners/machines/middleware.py:_token": "finds a token by its digest, before anybody is known",
    "hub/site/views.py:health": "asks whether the database answers, and reads no record",
}

# Module names beside the house's own; docs/decisions/0001 says why each is needed.
EXTRA_FILES = {
    "hub/access": {"context", "gate", "middleware", "queries"},
    "hub/accounts": {"adapter", "http", "middleware", "single"},
    "hub/audit": {"middleware"},
    "hub/backups": {"catalogue", "queries"},
    "hub/cover": {"middleware"},
    "hub/engines": {
        "config",
        "folders",
        "postgres",
        "processes",
        "software",
        "supervisor",
        "valkey",
    },
    "hub/facts": {"moments"},
    "hub/health": {"queries", "start"},
    "hub/interface": {"http"},
    "hub/logs": {"lines", "middleware"},
    "hub/recording": {"http"},
    "hub/seals": {"queries"},
    "hub/trail": {"queries"},
    "partners/partnerships": {"queries"},
    "partners/people": {"queries"},
    "risk/meetings": {"documents", "queries"},
    "risk/proposals": {"queries"},
    "risk/owed": {"queries"},
    "referrals/disagreements": {"queries"},
    "risk/team": {"queries"},
    "partners/staffing": {"queries"},
    "risk/tools": {"queries"},
    "hub/sessions": {"clock", "middleware"},
    "hub/site": {"context", "fields", "gallery", "middleware", "paging", "paper"},
    "partners/machines": {"middleware"},
    "referrals/caseload": {"queries"},
    "referrals/checks": {"queries"},
    "referrals/joinings": {"queries"},
    "referrals/measures": {"queries"},
    "risk/agenda": {"queries"},
    "risk/places": {"queries"},
    "risk/repeats": {"queries"},
    "referrals/identities": {"queries"},
    "referrals/intake": {"queries"},
    "referrals/lookers": {"queries"},
    "referrals/disclosures": {"queries"},
    "referrals/granted": {"queries"},
    "referrals/matching": {"queries"},
    "referrals/search": {"queries"},
    "referrals/vigilance": {"queries"},
    "risk/casefile": {"queries"},
    "risk/levels": {"queries"},
    "risk/references": {"queries"},
    "reporting/appendix1": {"documents", "queries"},
}

# Modules at the top of a room, beside `models`.
EXTRA_AT_THE_TOP = {"hub": {"celery", "errors", "settings", "urls", "wsgi"}}
