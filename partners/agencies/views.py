"""Choosing between one's own posts."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hub.access.rules import ROLES, Role
from hub.accounts.http import page_of_ours, signed_in
from hub.days.rules import london_date
from hub.sessions.clock import ACTS_AS, POST
from partners.agencies.actions import choose_post
from partners.agencies.forms import PostForm
from partners.agencies.models import Post


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Let a person of several posts say in which they act; the header names it on every page."""
    user = signed_in(request)
    today = london_date(timezone.now())
    held = Post.objects.visible_to(user).filter(user=user).held_on(today).select_related("agency")
    posts = {post.pk: post for post in held.order_by("starts_on", "pk")}
    named = [
        (post.pk, f"{ROLES[Role(post.role)].title}, {post.agency.name}") for post in posts.values()
    ]
    form = PostForm(request.POST if request.method == "POST" else None, posts=named)
    if form.is_valid():
        choose_post(post=posts[form.cleaned_data["post"]], now=timezone.now(), by=user)
        request.session[POST] = user.chosen_post
        request.session.pop(ACTS_AS, None)
        request.session.cycle_key()  # other rights, another key
        return HttpResponseRedirect(page_of_ours(request, request.POST.get("next", "")))
    page = {"form": form, "next": request.GET.get("next", ""), "posts": len(posts)}
    return render(request, "accounts/post.html", page, status=422 if form.errors else 200)
