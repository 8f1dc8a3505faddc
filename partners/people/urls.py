"""Addresses of the administrators' pages about people, and of the way in anew."""

from django.urls import path

from partners.people.views import anew, confirming, deeds, lists, qualifying

urlpatterns = [
    path("sign-in/anew/", anew.anew, name="partners-anew"),
    path("people/", lists.people, name="partners-people"),
    path("people/new/", deeds.new, name="partners-person-new"),
    path("people/confirm/", confirming.to_confirm, name="partners-people-confirm"),
    path("people/renewals/<int:number>/approve/", deeds.approve, name="partners-renewal-approve"),
    path(
        "people/renewals/<int:number>/withdraw/", deeds.withdraw, name="partners-renewal-withdraw"
    ),
    path("people/posts/<int:number>/confirm/", confirming.confirm, name="partners-post-confirm"),
    path("people/posts/<int:number>/unconfirm/", confirming.undo, name="partners-post-unconfirm"),
    path("people/posts/<int:number>/change/", deeds.post_change, name="partners-post-change"),
    path("people/posts/<int:number>/end/", deeds.post_end, name="partners-post-end"),
    path(
        "people/posts/<int:number>/qualifying/", qualifying.enter, name="partners-newly-qualified"
    ),
    path(
        "people/posts/<int:number>/qualifying/end/",
        qualifying.end,
        name="partners-newly-qualified-end",
    ),
    path("people/<int:number>/", lists.person, name="partners-person"),
    path("people/<int:number>/post/", deeds.post_new, name="partners-post-new"),
    path("people/<int:number>/anew/", deeds.renewal, name="partners-renewal"),
    path("people/<int:number>/leave/", deeds.leave, name="partners-person-leave"),
]
