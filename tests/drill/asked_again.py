"""Rules of the application that none of those who look here misses, and why.

By the reason, then by the function and what is taken away of it. What they do notice must not stand here.
Some are noticed by a test of the suite instead, which is named; each was tried by hand.
"""

BY_THE_ACTION = (
    "shows an empty form, of rows that the person sees anyway; the action that it calls asks"
)
BY_THE_DOOR = "what comes before gives the row to those alone whose roles all hold the right"
JUST_ASKED = "the function, its caller or one that it calls asks the same of the same"
OWN_ALONE = (
    "what follows keeps one's own alone: a hidden child's would end as well, which shows nothing"
)
NARROWED = "the same statement narrows to the partnership for which the right was just asked"
A_TASK = "a task of the hub's own, which does it for every partnership"
LOCKED = "takes the locks under which every partnership's values are put right, and shows no row"
READ_SO = "each row is read through what the person may see; this decides which headings are there"
ONE_WAY_OF_TWO = "finds the same children by the slower of two ways"
WORDS = "decides whether a link is printed; what it leads to asks"
OTHER_WALL = "decides what the trail names, of a child that the database leaves out of the row"
OUTSIDE = "tests/referrals/test_disagreements_outside.py"
TEAM = "tests/risk/test_team.py"
SEARCH = "tests/referrals/test_search.py"
INTAKE = "tests/referrals/test_intake.py"
EMERGENCIES = "tests/referrals/test_emergencies.py"
PREFERENCES = "tests/hub/test_preferences.py"

_OF_WHICHEVER = " of whichever partnership"
_BY_REASON: dict[str, dict[str, tuple[str, ...]]] = {
    BY_THE_ACTION: {
        "risk/meetings/views/deciding.py:_act": ("require(room.user, Permission.LEVELS_RECORD, opened)",),
        "risk/meetings/views/deciding.py:undo": ("require(room.user, Permission.LEVELS_RECORD, opened)",),
        "risk/meetings/views/doors.py:open_today": ("require(user, Permission.MEETINGS_HOLD, series)",),
        "risk/meetings/views/tasks.py:task": ("require(user, Permission.NOTES_RECORD, owed)",),
        "risk/proposals/views.py:view": ("require(user, Permission.VIEWS_GIVE, proposal)",),
        "referrals/intake/views/reading.py:settle": ("require(user, Permission.REFERRALS_RECEIVE, row)",),
        "referrals/intake/views/reading.py:_require_own_or_desk": (
            "require(user, Permission.REFERRALS_MAKE, row)",
        ),
        "referrals/disagreements/views.py:_opened": (
            "require(user, OUTSIDE if outside else NEEDS, fact)",
        ),
    },
    JUST_ASKED: {
        "partners/people/views/confirming.py:undo": ("require(user, Permission.PEOPLE_MANAGE)",),
        "partners/people/views/confirming.py:confirm": ("require(user, Permission.PEOPLE_MANAGE)",),
        "partners/people/actions.py:let_go": ("require(by, Permission.PEOPLE_MANAGE)",),
        "partners/people/actions.py:_require_reach": (
            "require(by, Permission.PEOPLE_MANAGE, agency)" + _OF_WHICHEVER,
        ),
        "partners/people/views/confirming.py:_kept": ("require(user, Permission.PEOPLE_MANAGE)",),
        "referrals/checks/actions.py:change_answer": (
            "require(by, Permission.CHECKS_ANSWER, answer)",
            "require(by, Permission.CHECKS_ANSWER, answer)" + _OF_WHICHEVER,
        ),
        "referrals/triage/actions.py:undo_match": (
            "require(by, Permission.REFERRALS_RECEIVE, referral)",
            "require(by, Permission.REFERRALS_RECEIVE, referral)" + _OF_WHICHEVER,
        ),
        "risk/meetings/actions/others.py:record_others": (
            "require(by, Permission.CASES_RECORD, item)",
            "require(by, Permission.CASES_RECORD, item)" + _OF_WHICHEVER,
        ),
        "risk/meetings/actions/others.py:take_others_back": (
            "require(by, Permission.CASES_RECORD, decision)",
            "require(by, Permission.CASES_RECORD, decision)" + _OF_WHICHEVER,
        ),
        "risk/proposals/actions.py:propose": (
            "require(by, Permission.LEVELS_RECORD, episode)",
            "require(by, Permission.LEVELS_RECORD, episode)" + _OF_WHICHEVER,
        ),
    },
    OWN_ALONE: {
        "referrals/identities/actions.py:identify": ("Identification.objects.visible_to(by)",),
        "referrals/identities/actions.py:end_identification": ("Identification.objects.visible_to(by)",),
    },
    NARROWED: {
        "referrals/vigilance/actions.py:find_unusual_access": ("UnusualAccess.objects.visible_to(by)",),
    },
    A_TASK: {
        "referrals/intake/actions/links.py:send_mail": ("ReferralLink.objects.visible_to(by)",),
        "referrals/intake/actions/links.py:forget_drafts": ("ReferralLink.objects.visible_to(by)",),
    },
    LOCKED: {
        "reporting/upkeep/actions.py:renew_current_values": ("Partnership.objects.visible_to(by)",),
    },
    READ_SO: {
        "risk/meetings/views/day_rows.py:Then.may": (
            "True for standing is not None and standing.may(permission)",
        ),
    },
    WORDS: {
        "hub/site/context.py:_refers": (
            "True for standing.may(Permission.REFERRALS_MAKE) and (not takes_in)",
            "False for standing.may(Permission.REFERRALS_MAKE) and (not takes_in)",
        ),
        "risk/places/queries.py:_may": (
            "True for standing is not None and standing.may(Permission.PLACES_PUT_FORWARD)",
        ),
    },
    BY_THE_DOOR: {
        "risk/meetings/views/paper.py:agenda_paper": ("require(user, Permission.CASES_VIEW, series)",),
        "referrals/intake/views/reading.py:referral_page": ("require(user, Permission.REFERRALS_MAKE)",),
        "risk/meetings/views/doors.py:say": ("require(room.user, Permission.NOTES_RECORD, opened)",),
    },
    TEAM: {
        "partners/staffing/views.py:_require_cases": (
            "True for standing.may(Permission.TEAM_LEAD)",
            "False for standing.may(Permission.TEAM_LEAD)",
        ),
    },
    OUTSIDE: {
        "referrals/disagreements/queries.py:sees_whole": (
            "True for standing is not None and standing.may(Permission.CASES_VIEW)",
            "False for standing is not None and standing.may(Permission.CASES_VIEW)",
        ),
    },
    INTAKE: {
        "referrals/intake/views/reading.py:_sees_cases": (
            "False for standing is not None and standing.may(Permission.CASES_VIEW)",
        ),
        "referrals/intake/actions/referrals.py:_require_own_or_desk": (
            "require(by, Permission.REFERRALS_MAKE, referral)",
            "require(by, Permission.REFERRALS_MAKE, referral)" + _OF_WHICHEVER,
        ),
    },
    EMERGENCIES: {
        "referrals/emergencies/actions.py:end_emergency": (
            "require(by, Permission.EMERGENCY_OPEN, emergency)",
            "require(by, Permission.EMERGENCY_OPEN, emergency)" + _OF_WHICHEVER,
        ),
    },
    PREFERENCES: {
        "hub/preferences/actions.py:_keep": ("Preferences.objects.visible_to(by)",),
    },
    SEARCH: {
        "referrals/search/queries.py:_sees_whole_cases": (
            "True for standing is not None and standing.may(Permission.CASES_VIEW)",
        ),
    },
    ONE_WAY_OF_TWO: {
        "referrals/search/queries.py:_sees_whole_cases": (
            "False for standing is not None and standing.may(Permission.CASES_VIEW)",
        ),
    },
    OTHER_WALL: {
        "referrals/intake/views/reading.py:_sees_cases": (
            "True for standing is not None and standing.may(Permission.CASES_VIEW)",
        ),
    },
}  # fmt: skip
EQUIVALENT = {
    f"{function}: {gone}": reason
    for reason, functions in _BY_REASON.items()
    for function, every in functions.items()
    for gone in every
}
