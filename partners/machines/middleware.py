"""What every request to the interface for machines passes: the token, and nothing that is for browsers.

Sessions, cookies, the tokens of forms, the cover and the pages of errors are for people: none of that is
asked or answered here. So the address is resolved and called here, within the request's one transaction.
"""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone

from hub.access.context import act_as
from hub.access.gate import standing_of
from hub.accounts.models import User
from hub.audit.actions import note_refusal
from hub.audit.models import AuditEvent
from hub.interface.http import Machine, ProblemAnswer, is_for_machines
from hub.interface.rules import PER_MINUTE
from hub.logs.lines import current_request
from hub.logs.middleware import path_of
from partners.machines.actions import MINUTE, note_token_refused, note_too_many, note_use
from partners.machines.models import MachineToken
from partners.machines.rules import digest_of, secret_in

GetResponse = Callable[[HttpRequest], HttpResponseBase]
NO_TOKEN = "Send a token: Authorization: Bearer csehub_..."  # noqa: S105  # a sentence
NOT_GOOD = "The token is unknown, or no longer in force."


def machines_apart(get_response: GetResponse) -> GetResponse:
    """Answer machines by themselves; everything else goes on to what is for people."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not is_for_machines(request):
            return get_response(request)
        return _answer(request, timezone.now())

    return middleware


def _answer(request: HttpRequest, now: datetime) -> HttpResponseBase:
    request.user = AnonymousUser()
    header = request.headers.get("Authorization", "")
    if not header:
        return _unknown(NO_TOKEN, "")
    machine = _machine(header, now)
    if machine is None:
        return _unknown(NOT_GOOD, 'error="invalid_token"')
    request.user, request.machine = machine.user, machine  # type: ignore[attr-defined]  # read by machine_of
    asked = AuditEvent.objects.visible_to(machine.user).filter(
        user_id=machine.user.pk, at__gt=now - MINUTE
    )
    number = asked.count()
    if number >= PER_MINUTE:
        return _too_many(number, now, machine.user)
    answer = _called(request)
    if isinstance(answer, ProblemAnswer):
        _note(answer, request, now, machine.user)
    return answer


def _machine(header: str, now: datetime) -> Machine | None:
    """Find the machine and tell the database who asks; None for a token that opens nothing now."""
    token = _token(header)
    user = token.post.user if token else None
    in_force = token is not None and token.ended_at is None and now < token.expires_at
    if token is None or user is None or not in_force or standing_of(user) is None:
        note_token_refused(token=token, now=now)
        return None
    act_as(user)
    user.within_a_request = True  # what is hidden from it is read once
    noted = current_request.get()
    if noted is not None:
        noted.person = user.pk
    note_use(token=token, now=now, by=user)
    return Machine(user, token.pk, tuple(token.scopes))


def _token(header: str) -> MachineToken | None:
    """Look a token up by its digest: nobody is known yet by whom it could be seen."""
    secret = secret_in(header)
    if not secret:
        return None
    tokens = MachineToken.objects.select_related("post__user")
    return tokens.filter(digest=digest_of(secret)).first()


def _unknown(detail: str, more: str) -> ProblemAnswer:
    problem = ProblemAnswer(401, detail)
    problem.headers["WWW-Authenticate"] = f'Bearer realm="hub"{", " if more else ""}{more}'
    return problem


def _too_many(number: int, now: datetime, user: User) -> ProblemAnswer:
    """Refuse; the trail is told once, else whoever goes on asking would never be let in again."""
    if number == PER_MINUTE:
        note_too_many(now=now, by=user)
    problem = ProblemAnswer(429, f"At most {PER_MINUTE} requests in a minute. Wait, and ask again.")
    problem.headers["Retry-After"] = str(int(MINUTE.total_seconds()))
    return problem


def _called(request: HttpRequest) -> HttpResponseBase:
    """Call the operation, which is a part of its own: a refusal undoes what it did, and is noted after."""
    match = _match(request)
    if match is None:
        return ProblemAnswer(404, "There is no such address.")
    request.resolver_match = match
    with transaction.atomic():
        answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return answer.render() if isinstance(answer, SimpleTemplateResponse) else answer


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _note(problem: ProblemAnswer, request: HttpRequest, now: datetime, user: User) -> None:
    match = request.resolver_match
    note_refusal(
        found=problem.status_code != 404,
        page=match.url_name or "" if match else "",
        address=path_of(request),
        reason=problem.detail,
        now=now,
        by=user,
    )
