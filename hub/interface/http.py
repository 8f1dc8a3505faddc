"""The machine behind a request, and how the interface says that something is wrong (RFC 9457)."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse

from hub.accounts.models import User
from hub.errors import NotAllowed
from hub.interface.rules import ADDRESSES, Scope

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Machine:
    """Who asks: the service account, the number of its token, and what that may be used for."""

    user: User
    token_id: int
    scopes: tuple[str, ...]

    def may_use(self, scope: Scope) -> bool:
        """Say whether the token has the scope."""
        return scope in self.scopes


class ProblemAnswer(JsonResponse):
    """An answer that says what is wrong; `errors` names the parameters, each with its message."""

    def __init__(
        self, status: int, detail: str, errors: dict[str, list[str]] | None = None
    ) -> None:
        self.detail = detail
        said: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
        }
        if errors:
            said["errors"] = errors
        super().__init__(said, status=status, content_type=PROBLEM)


def is_for_machines(request: HttpRequest) -> bool:
    """Say whether an address is of the interface for machines."""
    return request.path_info.startswith(ADDRESSES)


def machine_of(request: Any) -> Machine:
    """Give the machine that asks; raises NotAllowed where there is none (the middleware has refused it)."""
    machine = getattr(request, "machine", None)
    if isinstance(machine, Machine):
        return machine
    raise NotAllowed("Send a token.")
