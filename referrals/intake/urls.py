"""Addresses of referrals."""

from django.urls import path

from referrals.intake.forms import STEPS
from referrals.intake.views import listing, making, reading

urlpatterns = [
    path("", listing.waiting, name="referrals-waiting"),
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
