"""What every operation of the interface is: read-only, one scope, one kind of answer and of refusal.

Who asks is known before: partners/machines/middleware.py found the token and told the database.
"""

from collections.abc import Callable
from functools import cache, partial
from threading import Lock
from typing import Any, ClassVar, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponseBase
from django.urls import get_resolver
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import (
    APIException,
    MethodNotAllowed,
    UnsupportedMediaType,
    ValidationError,
)
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.access.gate import standing_of
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import DomainError, NotAllowed
from hub.interface.http import PROBLEM, Machine, ProblemAnswer, machine_of
from hub.interface.rules import NEEDED, PER_MINUTE, REFERENCE_IN_PATH, SCOPES, Scope
from hub.interface.serializers import ProblemSerializer, Query

M = TypeVar("M", bound=Model)
Method = TypeVar("Method", bound=Callable[..., Any])
NO_BODY = "Send no body: everything that is asked stands in the address."
ABSENT = "There is no such thing here."


class Operation(APIView):
    """One operation. Its class says which scope it needs; `asks` are its parameters."""

    scope: ClassVar[Scope | None] = None
    asks: ClassVar[type[Query]] = Query
    http_method_names = ["get", "head"]
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    parser_classes = ()
    renderer_classes = (JSONRenderer,)
    machine: Machine

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse in this order: no such method, no scope or right, no such form of an answer, a body."""
        self.format_kwarg = None
        self.machine = machine_of(request)
        if str(request.method).lower() not in self.http_method_names:
            raise MethodNotAllowed(str(request.method))
        if self.scope is not None:
            _require(self.machine, self.scope)
        chosen = self.perform_content_negotiation(request)
        request.accepted_renderer, request.accepted_media_type = chosen
        if request.META.get("CONTENT_LENGTH") not in (None, "", "0"):
            raise UnsupportedMediaType(str(request.content_type), detail=NO_BODY)

    def read(self, request: Request) -> dict[str, Any]:
        """Read the parameters of the address."""
        return self.asks(data=request.query_params).read()

    def get_exception_handler(self) -> Callable[..., HttpResponseBase | None]:
        """Every refusal has one shape."""
        return refused


def _require(machine: Machine, scope: Scope) -> None:
    if not machine.may_use(scope):
        raise NotAllowed(f"The token lacks the scope {scope}: {SCOPES[scope]}.")
    standing = standing_of(machine.user)
    if standing is None or not any(standing.may(right) for right in NEEDED[scope]):
        raise NotAllowed("The role of the token's account does not include this.")


def refused(error: Exception, _context: dict[str, Any]) -> HttpResponseBase | None:
    """Turn a refusal into a problem, and undo what the operation did; a fault of ours is none of these."""
    problem = _problem(error)
    if problem is not None:
        transaction.set_rollback(True)
    return problem


def _problem(error: Exception) -> ProblemAnswer | None:
    if isinstance(error, DomainError):
        return ProblemAnswer(error.status, str(error))
    if isinstance(error, Http404):
        return ProblemAnswer(404, ABSENT)
    if isinstance(error, ValidationError):
        return ProblemAnswer(400, "Something in the address is wrong.", _by_parameter(error.detail))
    if isinstance(error, APIException):
        return ProblemAnswer(error.status_code, str(error.detail))
    return None


def _by_parameter(detail: Any) -> dict[str, list[str]]:
    return {name: [str(message) for message in messages] for name, messages in detail.items()}


def page_of(rows: "QuerySet[M]", asked: dict[str, Any], after: int) -> tuple[list[M], int | None]:
    """Give the rows after a place, in the order of entry, and the number of the last where more follow."""
    found = list(rows.filter(pk__gt=after).order_by("pk")[: asked["limit"] + 1])
    page = found[: asked["limit"]]
    return page, page[-1].pk if len(found) > len(page) else None


def note(
    machine: Machine,
    event: str,
    what: str,
    reference: str,
    *,
    after: dict[str, Any],
    about: list[str] | None = None,
) -> None:
    """Put on the trail what a machine was given, with its token."""
    record(
        event=event,
        verb=Verb.CONSULTATION,
        what=what,
        reference=reference,
        at=timezone.now(),
        by=machine.user,
        after={**after, "token": machine.token_id},
        about=about or (),
    )


REFUSALS = {
    400: "Something in the address is wrong: `errors` says what",
    401: "No token, or none that is known and in force",
    403: "The token lacks the scope, or the role of its account the right",
    406: "JSON is the only form there is",
    415: "A body was sent",
    429: f"More than {PER_MINUTE} requests in a minute",
}
OF_REFERENCE = OpenApiParameter(
    "reference",
    {"type": "string", "pattern": REFERENCE_IN_PATH},
    OpenApiParameter.PATH,
    description="The record's own reference.",
)
NOT_THERE = {404: "Absent, or not to be seen by this account: the two are not told apart"}
NOT_ANSWERED = {422: "A rule forbids it: `detail` says which"}
_not_yet_described: list[Callable[[], object]] = []
_describing = Lock()


def _when_asked(describe: Callable[[Method], Method]) -> Callable[[Method], Method]:
    """Describe a method only when somebody asks: what reads it for that holds 5 MB of a web service."""

    def put_off(method: Method) -> Method:
        _not_yet_described.append(partial(describe, method))
        return method

    return put_off


def described(
    name: str,
    summary: str,
    answers: Any,
    *,
    asks: type[Query] = Query,
    refusals: dict[int, str] | None = None,
    of_one: bool = False,
) -> Callable[[Method], Method]:
    """Describe an operation for the schema: its parameters, its answer and every refusal.

    `of_one`: it is of the record whose reference stands in its path.
    """
    every = {**REFUSALS, **(NOT_THERE if of_one else {}), **(refusals or {})}
    describe = extend_schema(
        operation_id=name,
        summary=summary,
        parameters=[*([] if asks is Query else [asks]), *([OF_REFERENCE] if of_one else [])],
        responses={
            (200, "application/json"): answers,
            **{(status, PROBLEM): _refusal(words) for status, words in sorted(every.items())},
        },
    )
    return _when_asked(describe)


def _refusal(words: str) -> OpenApiResponse:
    return OpenApiResponse(ProblemSerializer, description=f"{words}.")


@cache
def description() -> dict[str, Any]:
    """Describe the whole interface as OpenAPI 3: the same for everybody, made once for each process."""
    from drf_spectacular.generators import SchemaGenerator

    with _describing:
        get_resolver().url_patterns  # noqa: B018  # reads every operation there is
        while _not_yet_described:
            _not_yet_described.pop()()
    generator: Any = SchemaGenerator
    made: dict[str, Any] = generator().get_schema(request=None, public=True)
    for part in made["components"]["schemas"].values():
        if "properties" in part:
            part["additionalProperties"] = False  # what is not described is not given
    return made


class Schema(Operation):
    """The description of the interface, for whoever has a token."""

    @_when_asked(extend_schema(exclude=True))
    def get(self, request: Request) -> Response:
        """Give the description."""
        self.read(request)
        note(self.machine, "api.schema.read", "interface", "schema", after={})
        return Response(description())
