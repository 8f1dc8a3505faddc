"""Who may open what: every address of the hub, every person of the cast, the answer to GET and POST.

A new address is entered here or the suite fails. HEAD answers as GET does; PUT and DELETE are refused
everywhere (tests/test_access_matrix.py tries them too).
"""

from tests.access_intake import OF_REFERRALS, REFERRALS
from tests.access_of_meetings import MEETINGS
from tests.access_of_meetings import WHERE as WHERE_MEETINGS
from tests.access_of_work import WHERE as WHERE_WORK
from tests.access_of_work import WORK
from tests.access_people import (
    CHARITIES,
    EVERYBODY,
    HUB,
    WITHOUT_CASES,
    WITHOUT_REPORTS,
    Answers,
    child_page,
    each,
    intelligence_page,
    led_back,
    note_page,
    only_ana,
    only_dev,
    only_hub,
    only_joiners,
    only_otto,
    only_sid,
    printing,
    recording,
    saying_who_sees,
    stranger,
)


def for_all_with_cases() -> dict[str, Answers]:
    """A list for everybody who sees cases, or some of them."""
    seen = each((*HUB, *CHARITIES), 200, 405)
    return seen | each(WITHOUT_CASES, 403, 405) | stranger(302, 302)


def only_ben(get: int, post: int) -> dict[str, Answers]:
    """Give the answers of a page for the police."""
    others = tuple(person for person in EVERYBODY if person != "ben")
    return each(("ben",), get, post) | each(others, 403, 403) | stranger(302, 302)


API = (
    "api-schema", "api-children", "api-child", "api-episodes", "api-episode", "api-levels", "api-appendix1",
)  # fmt: skip
INTELLIGENCE_NUMBERED = tuple(
    f"risk-child-intelligence-{deed}" for deed in ("correct", "withdraw", "release", "recall")
)
OF_EPISODE = tuple(
    f"risk-child-{page}"
    for page in (
        "episode", "episode-correct", "episode-close", "episode-closing", "episode-allocate", "level-new",
        "review-move", "checks-ask", "measure-care", "measure-strategy", "measure-step",
        "measure-transition", "measure-receiving",
        "information-new", "disagreement-new",
    )
)  # fmt: skip
OTHERS_OF_EPISODE = (
    "risk-child-episode",
    "risk-child-information-new",
    "risk-child-disagreement-new",
)
# A level, an allocation or an address has a number of its own: 0 is nobody's.
NUMBERED = tuple(
    f"risk-child-{page}"
    for page in (
        "allocation-end", "level-correct", "level-withdraw", "name-withdraw", "address-correct",
        "address-end", "address-withdraw", "status-correct", "status-end", "status-withdraw",
        "measure-withdraw", "join-with", "apart",
    )
)  # fmt: skip

PEOPLE_NUMBERED = tuple(
    f"partners-{deed}"
    for deed in (
        "post-end",
        "post-new",
        "post-change",
        "renewal",
        "person-leave",
        "person-home",
        "newly-qualified",
        "newly-qualified-end",
    )
)
PEOPLE_SENT = tuple(
    f"partners-{deed}"
    for deed in ("renewal-approve", "renewal-withdraw", "post-confirm", "post-unconfirm")
)
OF_NOBODY = (
    *PEOPLE_NUMBERED, *PEOPLE_SENT, "partners-person", "hub-session-end", "referrals-granted-person",
)  # fmt: skip

MATRIX: dict[str, dict[str, Answers]] = {
    **MEETINGS,
    **WORK,
    "hub-components": each(EVERYBODY, 200, 405) | stranger(302, 302),
    "hub-home": each(EVERYBODY, 200, 405) | stranger(302, 302),
    "hub-health": each(EVERYBODY, 200, 405) | stranger(200, 405),
    # 503: in the tests no worker beats.
    "hub-ready": each(EVERYBODY, 503, 405) | stranger(503, 405),
    # One who is signed in is led home; a stranger's empty form comes back with its messages.
    "account_login": each(EVERYBODY, 302, 302) | stranger(200, 422),
    # Signed in, the second step and a passkey's sign-in lead home; a stranger without a first step, back.
    "mfa_authenticate": each(EVERYBODY, 302, 302) | led_back(),
    "mfa_login_webauthn": each(EVERYBODY, 302, 302) | led_back(),
    "partners-anew": each(EVERYBODY, 302, 302) | stranger(200, 422),
    "partners-people": only_sid(200, 405),
    "partners-people-confirm": only_sid(200, 405),
    "partners-person-new": only_sid(200, 422),
    # Number 0 is nobody's.
    "partners-person": only_sid(404, 405),
    **{name: only_sid(404, 404) for name in PEOPLE_NUMBERED},
    **{name: only_sid(405, 404) for name in PEOPLE_SENT},
    # A provider of single sign-on that no agency has.
    **{
        name: each((*EVERYBODY, "stranger"), 404, 405)
        for name in ("openid_connect_login", "openid_connect_callback")
    },
    "hub-conduct": each(EVERYBODY, 200, 422) | stranger(302, 302),
    "partners-post": each(EVERYBODY, 200, 422) | stranger(302, 302),
    # How one signs in oneself: everybody, after the password once more (302); no passkey is theirs yet.
    "mfa_index": each(EVERYBODY, 200, 405) | stranger(302, 302),
    "account_reauthenticate": each(EVERYBODY, 200, 200) | stranger(302, 302),
    **{
        name: each(EVERYBODY, 302, 302) | stranger(302, 302)
        for name in (
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_remove_webauthn",
            "mfa_generate_recovery_codes",
        )
    },
    "mfa_deactivate_totp": each(EVERYBODY, 404, 404) | stranger(302, 302),
    "mfa_view_recovery_codes": each(EVERYBODY, 404, 405) | stranger(302, 302),
    "hub-factor-picture": each(EVERYBODY, 404, 405) | stranger(302, 302),
    "account_change_password": each(EVERYBODY, 200, 422) | stranger(302, 302),
    "usersessions_list": each(EVERYBODY, 200, 405) | stranger(302, 302),
    "hub-session-end": each(EVERYBODY, 405, 404) | stranger(302, 302),
    # The session's own clock: for whoever has one.
    "hub-session": each(EVERYBODY, 200, 200) | stranger(302, 302),
    "hub-sign-out": each(EVERYBODY, 405, 302) | stranger(405, 302),
    **{
        name: each(EVERYBODY, 200, 405) | stranger(302, 302) for name in ("hub-account", "hub-keys")
    },
    "hub-settings": each(EVERYBODY, 200, 422) | stranger(302, 302),
    "hub-switch-keys": each(EVERYBODY, 405, 400) | stranger(302, 302),  # neither on nor off
    **{
        name: each(EVERYBODY, 200, 405) | stranger(200, 405)
        for name in ("hub-accessibility", "hub-problem")
    },
    "hub-trail": only_otto(200, 422),
    "hub-trail-results": only_otto(404, 405),
    "partners-settings": only_dev(200, 405),
    "partners-terms": only_dev(200, 422),
    **dict.fromkeys(
        (
            "partners-review-days",
            "partners-practice",
            "partners-service-new",
            "partners-asking",
        ),
        only_dev(200, 422),
    ),
    "referrals-granted": only_dev(200, 422),
    # Number 0 is nobody's.
    "referrals-granted-person": only_dev(404, 405),
    "partners-sharing": only_dev(200, 405),
    "partners-sharing-new": only_dev(200, 422),
    # Number 0 is no agreement's.
    "partners-sharing-end": only_dev(404, 404),
    **{
        name: only_sid(200, post)
        for name, post in {
            "partners-machines": 405,
            "partners-machine-new": 422,
        }.items()
    },
    "partners-machine-end": only_sid(404, 404),  # number 0 is no token's
    # A browser's session opens nothing to machines: MACHINES says what tokens do.
    **{name: each(EVERYBODY, 401, 401) | stranger(401, 401) for name in API},
    "hub-hide": each(EVERYBODY, 405, 302) | stranger(302, 302),
    "hub-show": each(EVERYBODY, 405, 422) | stranger(302, 302),  # without a password
    # A new child: an empty form comes back with its messages.
    "referrals-child-new": each(("amira", "dev", "erin"), 200, 422)
    | each(("ben", "nora", *CHARITIES, *WITHOUT_CASES), 403, 403)
    | stranger(302, 302),
    **REFERRALS,
    # The triage desk: number 0 is no referral's.
    "referrals-triage-match": each(("amira", "dev", "erin"), 404, 405)
    | each(("ben", "nora", *CHARITIES, *WITHOUT_CASES), 403, 405)
    | stranger(302, 302),
    **{
        f"referrals-triage-{deed}": each(("amira", "dev", "erin"), 404, 404)
        | each(("ben", "nora", *CHARITIES, *WITHOUT_CASES), 403, 403)
        | stranger(302, 302)
        for deed in ("same", "new", "undo")
    },
    "referrals-filter-save": each((*HUB, *CHARITIES), 405, 422)  # a filter without a name
    | each(WITHOUT_CASES, 405, 403)
    | stranger(302, 302),
    "referrals-filter-delete": each((*HUB, *CHARITIES), 405, 404)  # none of one's own
    | each(WITHOUT_CASES, 405, 403)
    | stranger(302, 302),
    "referrals-search": each((*HUB, *CHARITIES), 200, 422)
    | each(WITHOUT_CASES, 403, 403)
    | stranger(302, 302),
    # A search of another session, or of none.
    "referrals-search-results": each((*HUB, *CHARITIES), 404, 405)
    | each(WITHOUT_CASES, 403, 405)
    | stranger(302, 302),
    # What is sent is empty: its messages come back.
    "risk-child-print": printing(),
    # A sheet of another session, or of none.
    "risk-sheet": each(EVERYBODY, 404, 405) | stranger(302, 302),
    "referrals-caseload": for_all_with_cases(),
    # By reference: a child that is hidden from her is not there either. Nothing is open that could be ended.
    "risk-references": only_ana(200, 422),
    "risk-reference-case": only_ana(200, 405),
    "risk-reference-identify": only_ana(200, 422),
    "risk-reference-end": only_ana(405, 409, others_get=405),
    **{name: only_ana(200, 405) for name in ("reporting-imports", "reporting-conflicts")},
    "reporting-import-upload": only_ana(200, 422),
    # Number 0 is nobody's: who may import is told that it is not there, others that they may not.
    "reporting-import": only_ana(404, 405),
    "reporting-import-confirm": only_ana(405, 404, others_get=405),
    "reporting-import-cancel": only_ana(405, 404, others_get=405),
    "reporting-import-faults": only_ana(404, 405),
    "reporting-import-faults-file": only_ana(404, 405),
    "reporting-conflict": only_ana(404, 404),
    "risk-child-summary": child_page(chloe=200),
    "risk-child-timeline": child_page(chloe=200),
    "risk-child-levels": child_page(chloe=200),
    "risk-child-addresses": child_page(chloe=200),
    "risk-child-support": child_page(chloe=200),
    "risk-child-intelligence": child_page(chloe=200),
    "risk-child-intelligence-new": intelligence_page(),
    # Number 0 is no log's, and no release's.
    **{name: intelligence_page(404, 404) for name in INTELLIGENCE_NUMBERED},
    # What one's own agency was asked; who sees the child sees what was asked. Number 0 is no check's.
    "risk-child-disagreement-new": note_page(200, 422),
    # A charity's with the hub; the hub's agencies raise theirs on the episode.
    "risk-child-disagree": each(("amira", "ben", "dev", "nora"), 403, 403)
    | each(("erin", "femi", *WITHOUT_CASES), 404, 404)
    | each(("chloe",), 200, 422)
    | stranger(302, 302),
    # Today's list: of those who see cases, each their own; suspects are the police's to put forward.
    "risk-agenda": for_all_with_cases(),
    "risk-agenda-forward": only_ben(200, 422),
    "risk-agenda-take-back": only_ben(404, 404),
    "risk-repeats": only_dev(200, 405),
    "risk-child-information-new": note_page(200, 422),
    "risk-child-checks": child_page(chloe=200),
    "risk-child-check": note_page(404, 404) | each(("chloe",), 404, 404),
    "risk-child-note-new": note_page(200, 422) | each(("chloe",), 200, 422),
    "risk-child-call-new": note_page(200, 422),
    # Number 0 is no note's, and nobody's to call.
    **{
        f"risk-child-{deed}": note_page(404, 404) | each(("chloe",), 404, 404)
        for deed in ("note-correct", "note-withdraw")
    },
    **{f"risk-child-{deed}": note_page(404, 404) for deed in ("call-correct", "call-end")},
    # A charity's workers list the notes of their agency.
    "referrals-our-notes": each(("chloe", "femi"), 200, 405)
    | each(tuple(person for person in EVERYBODY if person not in ("chloe", "femi")), 403, 405)
    | stranger(302, 302),
    # The child is hers to see, these pages are not.
    "risk-child-episodes": child_page(chloe=403),
    "risk-child-missing": child_page(chloe=403),
    "risk-child-episode": child_page(chloe=403),
    "risk-child-episode-new": recording(),
    **{
        f"risk-child-{page}": recording()
        for page in ("details", "name-new", "address-new", "status-new")
    },
    # It leads to the form of the one open episode.
    "risk-child-level": {
        person: {"GET": answers["GET"], "POST": 302 if person == "stranger" else 405}
        for person, answers in recording(get=302).items()
    },
    **{name: recording() for name in OF_EPISODE if name not in OTHERS_OF_EPISODE},
    **{name: recording(404, 404) for name in NUMBERED},
    "risk-child-join": recording(),
    "referrals-joinings": only_joiners(200, 405),
    "risk-child-access": {
        person: {"GET": answers["GET"], "POST": 302 if person == "stranger" else 405}
        for person, answers in saying_who_sees().items()
    },
    "risk-child-looked": {
        person: {"GET": answers["GET"], "POST": 302 if person == "stranger" else 405}
        for person, answers in saying_who_sees().items()
    },
    **{f"risk-child-{page}": saying_who_sees() for page in ("grant-new", "restrict", "shut-out")},
    # Number 0 is nobody's grant; a restriction is looked for when its lifting is sent with a reason.
    "risk-child-grant-end": saying_who_sees(404, 404),
    "risk-child-restriction-lift": saying_who_sees(),
    # In an emergency: those of the hub; an empty form comes back with its messages. Number 0 is nobody's.
    "referrals-emergency": only_hub(200, 422),
    "referrals-emergency-nothing": only_hub(200, 405),
    "referrals-emergency-end": only_hub(405, 404, others_get=405),
    "referrals-emergency-reviews": only_otto(200, 405),
    "referrals-emergency-review": only_otto(404, 404),
    "referrals-findings": only_otto(200, 405),
    "referrals-finding": only_otto(404, 404),
    "referrals-identifications": only_otto(200, 405),
    "referrals-identification": only_otto(404, 404),
    # What left the hub: those who write there; number 0 is no disclosure's. The log: manager and auditor.
    "risk-child-disclosures": {
        person: {"GET": answers["GET"], "POST": 302 if person == "stranger" else 405}
        for person, answers in note_page(200, 405).items()
    },
    "risk-child-disclosure-new": note_page(200, 422),
    "risk-child-disclosure-recall": note_page(404, 404),
    "referrals-disclosures": each(("dev", "otto"), 200, 405)
    | each(tuple(person for person in EVERYBODY if person not in ("dev", "otto")), 403, 405)
    | stranger(302, 302),
    "appendix1": each(("dev", "ana", "bea"), 200, 405)
    | each(WITHOUT_REPORTS, 403, 405)
    | stranger(302, 302),
    # Refused: the headline figures of so few children would tell of each.
    "appendix1-publish": each(("dev", "ana", "bea"), 405, 422)
    | each(WITHOUT_REPORTS, 405, 403)
    | stranger(302, 302),
    # The board's member takes what was published: nothing, in the tests.
    "appendix1-download": each(("dev", "ana"), 200, 405)
    | each(("bea",), 404, 405)
    | each(WITHOUT_REPORTS, 403, 405)
    | stranger(302, 302),
    # Without the path of a figure there is nothing to open.
    "appendix1-figure": each(("dev", "ana"), 404, 405)
    | each(("bea",), 403, 405)
    | each(WITHOUT_REPORTS, 403, 405)
    | stranger(302, 302),
}

# What an address needs besides its name.
ARGUMENTS: dict[str, dict[str, int | str]] = {
    **WHERE_MEETINGS,
    **WHERE_WORK,
    "risk-sheet": {"number": "nobodys"},
    "referrals-triage-same": {"number": 0, "child_id": 0},
    **{f"referrals-triage-{page}": {"number": 0} for page in ("match", "new", "undo")},
    "partners-machine-end": {"number": 0},
    "referrals-search-results": {"number": "nobodys"},
    **{name: {"number": 0} for name in (*NUMBERED, *INTELLIGENCE_NUMBERED)},
    **{name: {"number": 0} for name in OF_NOBODY},
    "mfa_remove_webauthn": {"pk": 0},
    **{
        name: {"provider_id": "nobodys"}
        for name in ("openid_connect_login", "openid_connect_callback")
    },
    "risk-child-disclosure-recall": {"number": 0},
    **{name: {"number": 0} for name in ("risk-child-check", "risk-agenda-take-back")},
    "risk-child-grant-end": {"kind": "person", "number": 0},
    "risk-child-restriction-lift": {"number": 0},
    **{
        f"risk-child-{deed}": {"number": 0}
        for deed in ("note-correct", "note-withdraw", "call-correct", "call-end")
    },
    **{
        name: {"number": 0}
        for name in MATRIX
        if name == "reporting-conflict" or name.startswith("reporting-import")
        if name not in ("reporting-imports", "reporting-import-upload")
    },
    "hub-trail-results": {"number": "nobodys"},
    "referrals-emergency-end": {"number": 0},
    "referrals-emergency-review": {"number": 0},
    "referrals-finding": {"number": 0},
    "referrals-identification": {"number": 0},
    "partners-sharing-end": {"number": 0},
    **OF_REFERRALS,
}
