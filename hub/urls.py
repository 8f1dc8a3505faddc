"""Every address of the hub; tests/access_matrix.py says who may open each."""

from django.urls import include, path

urlpatterns = [
    path("", include("hub.site.urls")),
    path("", include("risk.home.urls")),
    path("my-work/", include("risk.owed.urls")),
    path("", include("hub.health.urls")),
    path("", include("hub.accounts.urls")),
    path("", include("hub.sessions.urls")),
    path("", include("partners.agencies.urls")),
    path("", include("partners.people.urls")),
    path("", include("hub.preferences.urls")),
    path("", include("hub.cover.urls")),
    path("trail/", include("hub.trail.urls")),
    path("machines/", include("partners.machines.urls")),
    path("partnership/", include("partners.services.urls")),
    path("partnership/tools/", include("risk.tools.urls")),
    path("sharing/", include("partners.sharing.urls")),
    path("away/", include("partners.staffing.urls")),
    path("team/", include("risk.team.urls")),
    path("imports/", include("reporting.imports.urls")),
    path("episodes/", include("referrals.caseload.urls")),
    path("today/", include("risk.agenda.urls")),
    path("places/", include("risk.places.urls")),
    path("referred-often/", include("risk.repeats.urls")),
    path("triage/", include("referrals.triage.urls")),
    path("notes/", include("referrals.notes.urls")),
    path("checks/", include("referrals.checks.urls")),
    path("search/", include("referrals.search.urls")),
    path("", include("referrals.intake.urls")),
    path("access/", include("referrals.granted.urls")),
    path("joined/", include("referrals.joinings.urls")),
    path("disagreements/", include("referrals.disagreements.urls")),
    path("disclosures/", include("referrals.disclosures.urls")),
    path("emergency/", include("referrals.emergencies.urls")),
    path("identifications/", include("referrals.identities.urls")),
    path("unusual-access/", include("referrals.vigilance.urls")),
    path("children/new/", include("referrals.register.urls")),
    path("children/", include("risk.casefile.urls")),
    path("children/", include("risk.printing.urls")),
    path("meetings/", include("risk.meetings.urls")),
    path("proposals/", include("risk.proposals.urls")),
    path("by-reference/", include("risk.references.urls")),
    path("reports/appendix1/", include("reporting.appendix1.urls")),
    path("api/v1/", include("hub.interface.urls")),
    path("api/v1/", include("referrals.children.urls")),
    path("api/v1/", include("referrals.episodes.urls")),
    path("api/v1/", include("risk.levels.urls")),
    path("api/v1/", include("reporting.appendix1.urls.api")),
]

handler400 = "hub.site.views.bad_request"
handler403 = "hub.site.views.forbidden"
handler429 = "hub.site.views.too_often"
handler404 = "hub.site.views.not_found"
handler500 = "hub.site.views.server_error"
