"""Addresses of referrals."""

from django.urls import include, path

from referrals.intake.forms import STEPS
from referrals.intake.views import linked, links, listing, making, reading

OF_THE_HUB = [
    path("", listing.waiting, name="referrals-waiting"),
    path("link/", linked.send_page, name="referrals-link"),
    path("links/", links.sent_links, name="referrals-links"),
    path("links/<int:number>/withdraw/", links.withdraw, name="referrals-link-withdraw"),
    path("mine/", making.mine, name="referrals-mine"),
    path("make/new/", making.new, name="referrals-make-new"),
    path("make/<int:number>/", making.task_list, name="referrals-make"),
    path("make/<int:number>/check/", making.send, name="referrals-make-check"),
    *(
        path(f"make/<int:number>/{step}/", making.step, {"step": step}, f"referrals-make-{step}")
        for step in STEPS
    ),
    path("<int:number>/", reading.referral, name="referrals-referral"),
    path("<int:number>/amend/", reading.amend, name="referrals-amend"),
    path("<int:number>/withdraw/", reading.withdraw, name="referrals-withdraw"),
    path("<int:number>/feedback/", reading.feedback, name="referrals-feedback"),
    path("<int:number>/settle/", reading.settle, name="referrals-settle"),
]
# For one without an account.
BY_LINK = [
    path("", linked.ask_page, name="refer-ask"),
    path("open/<str:token>/", linked.open_page, name="refer-open"),
    path("form/", linked.form, name="refer-form"),
    path("form/check/", linked.send, name="refer-check"),
    *(path(f"form/{step}/", linked.step, {"step": step}, f"refer-{step}") for step in STEPS),
    path("later/", linked.later, name="refer-later"),
    path("sent/", linked.sent, name="refer-sent"),
]
urlpatterns = [
    path("referrals/", include(OF_THE_HUB)),
    path("refer/", include(BY_LINK)),
]
