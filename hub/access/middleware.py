"""One transaction around each whole request, and the database told who asks."""

from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from hub.access.context import act_as

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def in_one_transaction(get_response: GetResponse) -> GetResponse:
    """Wrap the request in one transaction: session, person, view, page and messages alike.

    What the database was told of the person ends with a transaction, so nothing may be read after it:
    an answer that streams must not ask the database. The view is a part of its own (ATOMIC_REQUESTS),
    so that a refusal undoes what it did and still has its page; a fault of ours undoes everything.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info == reverse("hub-ready"):  # it answers also where the database is away
            return get_response(request)
        with transaction.atomic():
            response = get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    return middleware


def tell_who_asks(get_response: GetResponse) -> GetResponse:
    """Tell the database for whom the request acts; for a stranger it shows no case."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if connection.in_atomic_block and request.user.is_authenticated:
            act_as(request.user)
            request.user.within_a_request = True  # what is hidden from them is read once
        return get_response(request)

    return middleware
