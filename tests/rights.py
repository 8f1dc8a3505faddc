"""Which right each action asks for, and about what: written by hand, and compared with what the actions do.

An action that is not here fails tests/test_rights.py.
"""

from hub.access.rules import Permission

# The right, and the arguments of which each must be of one's own partnership: "" where it is about none.
ASKED: dict[str, tuple[tuple[Permission, ...], str]] = {
    **{
        f"referrals.children.actions.{deed}": ((Permission.CASES_RECORD,), about)
        for deed, about in {
            "correct_details": "fact", "add_alias": "child", "add_address": "child",
            "correct_address": "fact", "add_status": "child", "correct_status": "fact",
            "end_record": "fact", "withdraw_record": "fact",
        }.items()
    },
    "referrals.joinings.actions.join_records": ((Permission.RECORDS_JOIN,), "child"),
    "referrals.joinings.actions.take_apart": ((Permission.RECORDS_JOIN,), "fact"),
    **{
        f"referrals.episodes.actions.{deed}": ((Permission.CASES_RECORD,), about)
        for deed, about in {
            "open_episode": "child", "correct_episode": "fact", "close_episode": "fact",
            "correct_closing": "fact", "allocate": "episode", "end_allocation": "allocation",
        }.items()
    },
    "referrals.checks.actions.ask_checks": ((Permission.CASES_RECORD,), "episode"),
    "referrals.checks.actions.withdraw_checks": ((Permission.CASES_RECORD,), "referral"),
    **{
        f"referrals.checks.actions.{deed}": ((Permission.CHECKS_ANSWER,), about)
        for deed, about in {"answer_check": "check", "change_answer": "answer"}.items()
    },
    **{
        f"referrals.checks.actions.{deed}": ((Permission.PARTNERSHIP_SET_UP,), "")
        for deed in ("make_reminders", "send_reminder")
    },
    "referrals.disagreements.actions.raise_disagreement": ((Permission.VIEWS_GIVE,), "episode"),
    **{
        f"referrals.disagreements.actions.{deed}": (
            (Permission.VIEWS_GIVE, Permission.DISAGREEMENTS_RAISE), "fact",
        )
        for deed in ("take_up", "settle_disagreement")
    },
    "referrals.disagreements.actions.raise_with_hub": ((Permission.DISAGREEMENTS_RAISE,), "child"),
    "referrals.information.actions.add_information": ((Permission.NOTES_RECORD,), "episode"),
    "referrals.measures.actions.record_measure": ((Permission.CASES_RECORD,), "episode"),
    "referrals.measures.actions.note_leaving": ((Permission.CASES_RECORD,), "episode"),
    "referrals.measures.actions.withdraw_measure": ((Permission.CASES_RECORD,), "fact"),
    "risk.agenda.actions.put_forward": ((Permission.SUSPECTS_PUT_FORWARD,), "suspect"),
    "risk.agenda.actions.take_back": ((Permission.SUSPECTS_PUT_FORWARD,), "forward"),
    "risk.places.actions.put_place_forward": ((Permission.PLACES_PUT_FORWARD,), "referral"),
    "risk.places.actions.take_place_back": ((Permission.PLACES_PUT_FORWARD,), "forward"),
    "risk.meetings.actions.note_discussed": ((Permission.PLACES_PUT_FORWARD,), "forward"),
    **{
        f"referrals.triage.actions.{deed}": ((Permission.REFERRALS_RECEIVE,), "referral")
        for deed in ("match_referral", "register_from_referral", "undo_match")
    },
    "referrals.register.actions.register_child": ((Permission.CASES_RECORD,), "partnership"),
    **{
        f"referrals.notes.actions.{deed}": ((Permission.NOTES_RECORD, Permission.SHARED_NOTES_RECORD), about)
        for deed, about in {"write_note": "child", "correct_note": "note", "withdraw_note": "note"}.items()
    },
    **{
        f"referrals.contacts.actions.{deed}": ((Permission.NOTES_RECORD,), about)
        for deed, about in {
            "add_person_to_call": "child", "correct_person_to_call": "person", "end_person_to_call": "person",
        }.items()
    },
    **{
        f"referrals.grants.actions.{deed}": ((Permission.GRANTS_MANAGE, Permission.GRANTS_MANAGE_LED), about)
        for deed, about in {
            "give_grant": "child", "end_grant": "grant", "restrict": "child", "shut_out": "child",
            "lift": "fact",
        }.items()
    },
    "referrals.grants.actions.put_sight_right": ((Permission.CASES_RECORD,), ""),
    "referrals.matching.actions.put_keys_right": ((Permission.CASES_RECORD,), ""),
    **{
        f"partners.sharing.actions.{deed}": ((Permission.SHARING_MANAGE,), about)
        for deed, about in {"make_agreement": "agency", "end_agreement": "agreement"}.items()
    },
    **{
        f"risk.intelligence.actions.{deed}": ((Permission.INTELLIGENCE_RECORD,), about)
        for deed, about in {
            "log_intelligence": "child", "correct_log": "log", "withdraw_log": "log", "release": "log agency",
            "recall": "given",
        }.items()
    },
    "referrals.disclosures.actions.log_disclosure": ((Permission.NOTES_RECORD,), "child"),
    "referrals.disclosures.actions.log_sheet": (
        (Permission.CASES_VIEW, Permission.SHARED_CASES_VIEW), "child",
    ),
    "referrals.disclosures.actions.log_report": ((Permission.REPORT_PUBLISH,), "partnership"),
    "referrals.disclosures.actions.recall_disclosure": ((Permission.NOTES_RECORD,), "disclosure"),
    **{
        f"referrals.identities.actions.{deed}": ((Permission.CASES_BY_REFERENCE,), "child")
        for deed in ("identify", "end_identification")
    },
    "referrals.identities.actions.review_identification": ((Permission.ACCESS_REVIEW,), "access"),
    **{
        f"referrals.intake.actions.{deed}": ((Permission.REFERRALS_RECEIVE,), "referral")
        for deed in ("unjoin_referral", "settle_referral", "tell_referrer")
    },
    "referrals.intake.actions.join_referral": ((Permission.REFERRALS_RECEIVE,), "referral child"),
    "referrals.intake.actions.send_link": ((Permission.REFERRALS_RECEIVE,), "partnership"),
    "referrals.intake.actions.withdraw_link": ((Permission.REFERRALS_RECEIVE,), "link"),
    **{
        f"referrals.intake.actions.{deed}": ((Permission.REFERRALS_RECEIVE,), "")
        for deed in ("send_mail", "forget_drafts")
    },
    "referrals.intake.actions.receive_referral": ((Permission.REFERRALS_MAKE,), "partnership"),
    "referrals.intake.actions.note_decided": ((Permission.LEVELS_RECORD,), "episode"),
    "referrals.emergencies.actions.open_in_emergency": ((Permission.EMERGENCY_OPEN,), ""),
    "referrals.emergencies.actions.review_emergency": ((Permission.EMERGENCY_REVIEW,), "access"),
    "referrals.emergencies.actions.send_alert": ((Permission.EMERGENCY_REVIEW,), ""),
    "referrals.vigilance.actions.find_unusual_access": ((Permission.ACCESS_REVIEW,), "partnership"),
    "referrals.vigilance.actions.review_unusual_access": ((Permission.ACCESS_REVIEW,), "access"),
    "referrals.caseload.actions.save_filter": ((Permission.CASES_VIEW, Permission.SHARED_CASES_VIEW), ""),
    **{
        f"risk.levels.actions.{deed}": ((Permission.LEVELS_RECORD,), about)
        for deed, about in {"set_level": "episode", "correct_level": "fact", "withdraw_level": "fact"}.items()
    },
    **{
        f"risk.reviews.actions.{deed}": ((Permission.LEVELS_RECORD,), "episode")
        for deed in ("schedule", "move_review")
    },
    **{
        f"risk.meetings.actions.{deed}": ((Permission.LEVELS_RECORD,), about)
        for deed, about in {
            "record_decision": "item", "settle": "item", "take_back": "decision", "take_chair": "meeting",
        }.items()
    },
    **{
        f"risk.meetings.actions.{deed}": ((Permission.MEETINGS_HOLD,), about)
        for deed, about in {
            "open_meeting": "series", "add_to_agenda": "meeting", "attend": "meeting", "carry": "item",
            "take_over": "meeting", "finish_meeting": "meeting",
        }.items()
    },
    "risk.meetings.actions.take_out": ((Permission.CASES_VIEW,), "series"),
    "risk.meetings.actions.arrange": ((Permission.PARTNERSHIP_SETTINGS,), "partnership"),
    "risk.meetings.actions.end_task": ((Permission.NOTES_RECORD,), "task"),
    **{
        f"risk.proposals.actions.{deed}": ((Permission.LEVELS_RECORD,), about)
        for deed, about in {"propose": "episode", "replace_open": "episode", "move": "proposal"}.items()
    },
    "risk.proposals.actions.give_view": ((Permission.VIEWS_GIVE,), "proposal"),
    **{
        f"risk.tools.actions.{deed}": ((Permission.PARTNERSHIP_SETTINGS,), about)
        for deed, about in {
            "add_tool": "partnership", "add_version": "tool", "end_tool": "tool",
            "take_back_version": "version",
        }.items()
    },
    "risk.printing.actions.disclose": ((Permission.CASES_VIEW, Permission.SHARED_CASES_VIEW), "child"),
    "reporting.extracts.actions.import_extract": ((Permission.EXTRACT_IMPORT,), ""),
    "reporting.extracts.actions.check_extract": ((Permission.EXTRACT_IMPORT,), "partnership"),
    **{
        f"reporting.imports.actions.{deed}": ((Permission.EXTRACT_IMPORT,), about)
        for deed, about in {
            "receive": "partnership", "confirm": "upload", "cancel": "upload", "give_up": "upload",
            "settle": "conflict", "pick_up": "", "clear_out": "", "work_on": "",
        }.items()
    },
    "reporting.appendix1.actions.make_report": ((Permission.REPORT_PUBLISH,), ""),
    "reporting.appendix1.actions.read_report": ((Permission.REPORT_FULL,), ""),
    "reporting.appendix1.actions.read_cases_behind": ((Permission.REPORT_FULL,), ""),
    "reporting.appendix1.actions.read_release": ((Permission.REPORT_PUBLISH,), ""),
    "reporting.disclosure.actions.release": ((Permission.REPORT_PUBLISH,), ""),
    "reporting.upkeep.actions.renew_current_values": ((Permission.CASES_RECORD,), ""),
    "reporting.upkeep.actions.renew_after": ((Permission.EXTRACT_IMPORT,), ""),
    "reporting.demo.actions.set_up_partners": ((Permission.PARTNERSHIP_SET_UP,), ""),
    "reporting.demo.actions.propose_changes": ((Permission.LEVELS_RECORD,), ""),
    "reporting.demo.actions.write_notes": ((Permission.NOTES_RECORD,), ""),
    "reporting.demo.actions.prepare_morning": ((Permission.NOTES_RECORD,), ""),
    "partners.partnerships.actions.set_up": ((Permission.PARTNERSHIP_SET_UP,), ""),
    "partners.agencies.actions.add_agency": ((Permission.PARTNERSHIP_SET_UP,), "partnership"),
    "partners.agencies.actions.give_telephone": ((Permission.PARTNERSHIP_SET_UP,), "agency"),
    "partners.agencies.actions.appoint": ((Permission.PEOPLE_MANAGE,), "agency"),
    "partners.agencies.actions.set_asking": ((Permission.PARTNERSHIP_SETTINGS,), "partnership"),
    "partners.services.actions.offer": ((Permission.PARTNERSHIP_SETTINGS,), "agency"),
    **{
        f"partners.partnerships.actions.{deed}": ((Permission.PARTNERSHIP_SETTINGS,), "partnership")
        for deed in ("set_review_days", "set_terms", "set_practice")
    },
    **{
        f"partners.machines.actions.{deed}": ((Permission.PEOPLE_MANAGE,), about)
        for deed, about in {"make_token": "agency", "end_token": "token"}.items()
    },
    "hub.accounts.actions.open_account": ((Permission.PEOPLE_MANAGE,), ""),
    **{
        f"partners.staffing.actions.{deed}": ((Permission.PEOPLE_MANAGE,), "")
        for deed in ("enter_newly_qualified", "end_newly_qualified")
    },
    "risk.team.actions.give_out": ((Permission.TEAM_LEAD,), ""),
    **{
        f"partners.people.actions.{deed}": ((Permission.PEOPLE_MANAGE,), "")
        for deed in (
            "take_on", "ask_to_renew", "approve_renewal", "withdraw_renewal", "confirm_post", "end_post",
            "let_go", "unconfirm_post", "change_post", "set_home",
        )
    },
    **{
        f"hub.seals.actions.{deed}": ((Permission.TRAIL_READ,), "")
        for deed in ("seal", "export_heads", "make_months")
    },
}  # fmt: skip
# What everybody does with what is their own, or what another action does that has asked.
UNASKED: dict[str, str] = {
    **{f"hub.accounts.actions.{deed}": "one's own session" for deed in ("note_sign_in", "note_sign_out")},
    "hub.accounts.actions.move_session": "one's own session",
    "hub.accounts.actions.hold_factors": "asked before anybody is let in: it changes nothing",
    "hub.accounts.actions.use_up": "a code of one's own telephone",
    **{f"hub.accounts.actions.{deed}": "one's own account" for deed in ("note_own_change", "accept_conduct")},
    "partners.agencies.actions.choose_post": "one's own post, which it looks to",
    "partners.machines.actions.note_use": "one's own token, which it looks to",
    "partners.machines.actions.note_too_many": "writes down one's own refusal",
    **{
        f"partners.staffing.actions.{deed}": "one's own absence, or any for a manager, which it looks to"
        for deed in ("plan_absence", "end_absence")
    },
    "hub.audit.actions.record": "writes down what was done by an action that has asked",
    "hub.audit.actions.note_refusal": "writes down one's own refusal",
    "hub.cover.actions.note_hidden": "one's own screen",
    "hub.cover.actions.ask_to_show": "one's own screen",
    "hub.cover.actions.keep_unsent": "one's own form",
    "hub.facts.actions.correct": "called by the actions of a fact's subject, which ask",
    "hub.facts.actions.withdraw": "called by the actions of a fact's subject, which ask",
    "referrals.oversight.actions.close_review": "called by the actions of what is reviewed, which ask",
    **{f"hub.preferences.actions.{deed}": "one's own settings" for deed in ("choose", "switch_keys")},
    "hub.recording.actions.keep_draft": "one's own draft",
    "hub.recording.actions.add_to_draft": "one's own draft",
    "hub.recording.actions.drop_draft": "one's own draft",
    "hub.recording.actions.do_once": "calls an action that asks",
    "hub.recording.actions.forget_old": "removes what is past its time, whosever it is",
    "hub.sessions.actions.seal": "one's own form, sent too late",
    "hub.sessions.actions.forget_ended": "removes what is past its time, whosever it is",
    "hub.accounts.actions.reseal_factors": "refuses whoever is not the operator by itself",
    "hub.backups.actions.back_up": "refuses whoever is not the operator by itself",
    "hub.seals.actions.erase_content": "refuses whoever is not the operator by itself",
    "referrals.caseload.actions.delete_filter": "one's own filter, which it looks to",
    "referrals.emergencies.actions.end_emergency": "one's own emergency access, which it looks to",
    **{
        f"referrals.intake.actions.{deed}": "one's own referral, or any for the hub's desk, which it looks to"
        for deed in ("amend_referral", "withdraw_referral")
    },
    **{
        f"referrals.intake.actions.{deed}": "a stranger's asking, or the own link; by the operator"
        for deed in ("ask_for_link", "open_link", "keep_holders_draft", "receive_by_link")
    },
    "reporting.demo.actions.bring_up_to_date": "imports, and that asks",
}  # fmt: skip
