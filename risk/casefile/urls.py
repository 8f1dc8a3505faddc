"""Addresses of a child's case: the child by its number, never by a name."""

from django.urls import path

from risk.casefile import views
from risk.casefile.views import (
    disclosures,
    record_access,
    record_call,
    record_check,
    record_child,
    record_disagreement,
    record_episode,
    record_holder,
    record_information,
    record_intelligence,
    record_joining,
    record_level,
    record_measure,
    record_note,
    record_place,
)
from risk.casefile.views.access import access
from risk.casefile.views.checks import checks
from risk.casefile.views.episode import episode
from risk.casefile.views.who_looked import who_looked

urlpatterns = [
    path("<int:child_id>/", views.summary, name="risk-child-summary"),
    path("<int:child_id>/join/", record_joining.choose, name="risk-child-join"),
    path("<int:child_id>/join/<int:number>/", record_joining.join, name="risk-child-join-with"),
    path("<int:child_id>/apart/<int:number>/", record_joining.apart, name="risk-child-apart"),
    path("<int:child_id>/timeline/", views.timeline, name="risk-child-timeline"),
    path("<int:child_id>/levels/", views.levels, name="risk-child-levels"),
    path("<int:child_id>/addresses/", views.addresses, name="risk-child-addresses"),
    path("<int:child_id>/episodes/", views.episodes, name="risk-child-episodes"),
    path("<int:child_id>/episodes/new/", record_episode.new, name="risk-child-episode-new"),
    path("<int:child_id>/episodes/<int:episode_id>/", episode, name="risk-child-episode"),
    path(
        "<int:child_id>/episodes/<int:episode_id>/correct/",
        record_episode.correct,
        name="risk-child-episode-correct",
    ),
    path(
        "<int:child_id>/episodes/<int:episode_id>/close/",
        record_episode.close,
        name="risk-child-episode-close",
    ),
    path(
        "<int:child_id>/episodes/<int:episode_id>/closing/",
        record_episode.closing,
        name="risk-child-episode-closing",
    ),
    path(
        "<int:child_id>/episodes/<int:episode_id>/allocate/",
        record_holder.give,
        name="risk-child-episode-allocate",
    ),
    path(
        "<int:child_id>/allocations/<int:number>/end/",
        record_holder.end,
        name="risk-child-allocation-end",
    ),
    path(
        "<int:child_id>/episodes/<int:episode_id>/checks/",
        record_check.ask,
        name="risk-child-checks-ask",
    ),
    path(
        "<int:child_id>/episodes/<int:episode_id>/information/",
        record_information.new,
        name="risk-child-information-new",
    ),
    path(
        "<int:child_id>/episodes/<int:episode_id>/disagreement/",
        record_disagreement.new,
        name="risk-child-disagreement-new",
    ),
    path(
        "<int:child_id>/episodes/<int:episode_id>/social-care/",
        record_measure.social_care,
        name="risk-child-measure-care",
    ),
    path(
        "<int:child_id>/episodes/<int:episode_id>/strategy/",
        record_measure.strategy,
        name="risk-child-measure-strategy",
    ),
    path(
        "<int:child_id>/episodes/<int:episode_id>/step/",
        record_measure.step,
        name="risk-child-measure-step",
    ),
    path(
        "<int:child_id>/episodes/<int:episode_id>/transition/",
        record_measure.transition,
        name="risk-child-measure-transition",
    ),
    path(
        "<int:child_id>/episodes/<int:episode_id>/receiving/",
        record_measure.receiving,
        name="risk-child-measure-receiving",
    ),
    path(
        "<int:child_id>/measures/<int:number>/withdraw/",
        record_measure.withdraw,
        name="risk-child-measure-withdraw",
    ),
    path("<int:child_id>/disagree/", record_disagreement.with_hub, name="risk-child-disagree"),
    path("<int:child_id>/checks/", checks, name="risk-child-checks"),
    path("<int:child_id>/checks/<int:number>/", record_check.answer, name="risk-child-check"),
    path("<int:child_id>/level/", record_level.of_child, name="risk-child-level"),
    path(
        "<int:child_id>/episodes/<int:episode_id>/level/",
        record_level.new,
        name="risk-child-level-new",
    ),
    path(
        "<int:child_id>/episodes/<int:episode_id>/review/",
        record_level.move,
        name="risk-child-review-move",
    ),
    path(
        "<int:child_id>/levels/<int:number>/correct/",
        record_level.correct,
        name="risk-child-level-correct",
    ),
    path(
        "<int:child_id>/levels/<int:number>/withdraw/",
        record_level.withdraw,
        name="risk-child-level-withdraw",
    ),
    path("<int:child_id>/missing/", views.missing, name="risk-child-missing"),
    path("<int:child_id>/support/", views.support, name="risk-child-support"),
    path("<int:child_id>/intelligence/", views.intelligence, name="risk-child-intelligence"),
    path(
        "<int:child_id>/intelligence/new/",
        record_intelligence.new,
        name="risk-child-intelligence-new",
    ),
    path(
        "<int:child_id>/intelligence/<int:number>/correct/",
        record_intelligence.correct,
        name="risk-child-intelligence-correct",
    ),
    path(
        "<int:child_id>/intelligence/<int:number>/withdraw/",
        record_intelligence.withdraw,
        name="risk-child-intelligence-withdraw",
    ),
    path(
        "<int:child_id>/intelligence/<int:number>/release/",
        record_intelligence.let_out,
        name="risk-child-intelligence-release",
    ),
    path(
        "<int:child_id>/intelligence/releases/<int:number>/recall/",
        record_intelligence.end,
        name="risk-child-intelligence-recall",
    ),
    path("<int:child_id>/notes/new/", record_note.new_note, name="risk-child-note-new"),
    path(
        "<int:child_id>/notes/<int:number>/correct/",
        record_note.correct,
        name="risk-child-note-correct",
    ),
    path(
        "<int:child_id>/notes/<int:number>/withdraw/",
        record_note.withdraw,
        name="risk-child-note-withdraw",
    ),
    path("<int:child_id>/people-to-call/new/", record_call.new_person, name="risk-child-call-new"),
    path(
        "<int:child_id>/people-to-call/<int:number>/correct/",
        record_call.correct,
        name="risk-child-call-correct",
    ),
    path(
        "<int:child_id>/people-to-call/<int:number>/end/",
        record_call.end,
        name="risk-child-call-end",
    ),
    path("<int:child_id>/details/", record_child.details, name="risk-child-details"),
    path("<int:child_id>/names/new/", record_child.new_name, name="risk-child-name-new"),
    path(
        "<int:child_id>/names/<int:number>/withdraw/",
        record_place.name_withdraw,
        name="risk-child-name-withdraw",
    ),
    path("<int:child_id>/addresses/new/", record_place.new_address, name="risk-child-address-new"),
    path(
        "<int:child_id>/addresses/<int:number>/correct/",
        record_place.address_correct,
        name="risk-child-address-correct",
    ),
    path(
        "<int:child_id>/addresses/<int:number>/end/",
        record_place.address_end,
        name="risk-child-address-end",
    ),
    path(
        "<int:child_id>/addresses/<int:number>/withdraw/",
        record_place.address_withdraw,
        name="risk-child-address-withdraw",
    ),
    path("<int:child_id>/statuses/new/", record_place.new_status, name="risk-child-status-new"),
    path(
        "<int:child_id>/statuses/<int:number>/correct/",
        record_place.status_correct,
        name="risk-child-status-correct",
    ),
    path(
        "<int:child_id>/statuses/<int:number>/end/",
        record_place.status_end,
        name="risk-child-status-end",
    ),
    path(
        "<int:child_id>/statuses/<int:number>/withdraw/",
        record_place.status_withdraw,
        name="risk-child-status-withdraw",
    ),
    path("<int:child_id>/disclosures/", disclosures.disclosures, name="risk-child-disclosures"),
    path("<int:child_id>/disclosures/new/", disclosures.new, name="risk-child-disclosure-new"),
    path(
        "<int:child_id>/disclosures/<int:number>/recall/",
        disclosures.recall,
        name="risk-child-disclosure-recall",
    ),
    path("<int:child_id>/access/", access, name="risk-child-access"),
    path("<int:child_id>/looked/", who_looked, name="risk-child-looked"),
    path("<int:child_id>/access/new/", record_access.new, name="risk-child-grant-new"),
    path("<int:child_id>/access/restrict/", record_access.hide, name="risk-child-restrict"),
    path("<int:child_id>/access/shut-out/", record_access.bar, name="risk-child-shut-out"),
    path(
        "<int:child_id>/access/<str:kind>/<int:number>/end/",
        record_access.end,
        name="risk-child-grant-end",
    ),
    path(
        "<int:child_id>/restrictions/<int:number>/lift/",
        record_access.show,
        name="risk-child-restriction-lift",
    ),
]
