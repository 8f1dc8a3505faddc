"""Whom an administrator enters as newly qualified: they lead no case in which CSE is feared until a day."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.days.rules import london_date
from hub.recording.http import Sheet, Stored, record_by_form
from partners.agencies.models import Post
from partners.people.forms import NewlyQualifiedForm, ReasonForm
from partners.people.views.deeds import post_of
from partners.staffing.actions import end_newly_qualified, enter_newly_qualified
from partners.staffing.models import NewlyQualified
from partners.staffing.rules import Days

METHODS = ["GET", "HEAD", "POST"]
WHY = (
    "Newly qualified social workers have no case responsibility where CSE is involved (the hub's report of"
    " 2016, appendix 5, recommendation 6)."
)


@require_http_methods(METHODS)
def enter(request: HttpRequest, number: int) -> HttpResponse:
    """Enter that a social worker is newly qualified."""
    user = signed_in(request)
    post = post_of(user, number)

    def act(form: NewlyQualifiedForm) -> str:
        days = form.cleaned_data
        enter_newly_qualified(
            post=post, starts_on=days["starts_on"], ends_on=days["ends_on"], by=user
        )
        return reverse("partners-person", args=[post.user_id])

    sheet = _sheet(post, "Newly qualified", "Enter as newly qualified", "It is entered.", WHY)
    return record_by_form(request, form=NewlyQualifiedForm, sheet=sheet, stored=Stored, act=act)


@require_http_methods(METHODS)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End before its day that somebody is newly qualified."""
    user = signed_in(request)
    post = post_of(user, number)
    entered = _entered(user, post)

    def act(form: ReasonForm) -> str:
        end_newly_qualified(entered=entered, post=post, reason=form.cleaned_data["reason"], by=user)
        return reverse("partners-person", args=[post.user_id])

    heading = "End that somebody is newly qualified"
    sheet = _sheet(post, heading, "End it", "It is ended.", WHY)
    return record_by_form(request, form=ReasonForm, sheet=sheet, stored=Stored, act=act)


def _entered(user: User, post: Post) -> NewlyQualified:
    today = london_date(timezone.now())
    rows = NewlyQualified.objects.visible_to(user).meeting(Days(today, today))
    entered = rows.filter(user=post.user).select_related("user").first()
    if entered is None:
        raise Http404
    return entered


def _sheet(post: Post, heading: str, button: str, done: str, lead: str) -> Sheet:
    back = reverse("partners-person", args=[post.user_id])
    named = f"{heading}: {post.user.name}"
    return Sheet(title=heading, heading=named, button=button, back=back, done=done, lead=lead)
