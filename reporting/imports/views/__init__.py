"""Importing an extract: upload, what the check says, confirm, progress, and the conflicts to settle."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.access.context import acting_for
from hub.access.gate import require
from hub.access.rules import Permission, Purpose
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site.paging import nearest_page
from partners.partnerships.models import Partnership
from referrals.identities.queries import identification_of
from reporting.extracts.models import ImportConflict, version_of
from reporting.imports.actions import cancel, confirm, path_of, receive, settle
from reporting.imports.forms import SettleForm, UploadForm
from reporting.imports.models import ExtractUpload
from reporting.imports.rules import MEGABYTE
from reporting.imports.views import pages

PAGE_SIZE = 25
REFRESH_SECONDS = 3


def hurry(number: int) -> None:
    """Call a worker for an upload. Celery is imported where somebody uploads, not by every web worker.

    The application comes first: a task without it knows no broker.
    """
    from hub import celery  # noqa: F401
    from reporting.imports import tasks

    tasks.hurry(number)


def _importer(request: HttpRequest) -> User:
    """Give the person, if their role imports; raises NotAllowed."""
    user = signed_in(request)
    require(user, Permission.EXTRACT_IMPORT)
    return user


def _upload(user: User, number: int) -> ExtractUpload:
    rows = ExtractUpload.objects.visible_to(user).select_related("uploaded_by", "confirmed_by")
    return get_object_or_404(rows, pk=number)


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """List the partnership's imports, the newest first."""
    user = _importer(request)
    page = imports_page(user, request.GET.get("page", "1"))
    _seen(user, "imports.listed", "imports", f"page {page.number}")
    return render(request, "imports/list.html", {"page": page})


def imports_page(user: User, number: str) -> pages.ImportsPage:
    """Build the list."""
    rows = ExtractUpload.objects.visible_to(user).select_related("uploaded_by")
    found = nearest_page(rows, PAGE_SIZE, number)
    waiting = ImportConflict.objects.visible_to(user).filter(settled_at__isnull=True).count()
    return pages.imports_page(found, waiting)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take an extract; its check begins by itself."""
    user = _importer(request)
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, too_large=_too_large(request))
        if form.is_valid():
            return redirect("reporting-import", number=_receive(form, user))
    most = settings.UPLOAD_LIMIT // MEGABYTE
    page = {"form": form, "most": most}
    return render(request, "imports/upload.html", page, status=422 if form.errors else 200)


def _too_large(request: HttpRequest) -> bool:
    return int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_LIMIT


def _receive(form: UploadForm, user: User) -> int:
    received = receive(
        uploaded=form.cleaned_data["file"],
        partnership=Partnership.objects.visible_to(user).get(),
        skip_bad_rows=form.cleaned_data["skip_bad_rows"],
        now=timezone.now(),
        by=user,
    )
    transaction.on_commit(partial(hurry, received.pk))
    return received.pk


@require_safe
def one_import(request: HttpRequest, number: int) -> HttpResponse:
    """Show where an import stands. While it moves the page asks again every three seconds.

    It does so by a header, without a script; `?still=1` stops it, for those whom it would disturb.
    """
    user = _importer(request)
    page = pages.import_page(_upload(user, number))
    if not page.moving:
        _seen(user, "import.viewed", "import", str(number))
    still = "still" in request.GET
    response = render(request, "imports/import.html", {"page": page, "still": still})
    if page.moving and not still:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@require_POST
def confirm_import(request: HttpRequest, number: int) -> HttpResponse:
    """Begin the import; a second click leads to the same page."""
    user = _importer(request)
    found = _upload(user, number)
    if confirm(upload=found, seen=request.POST.get("seen", ""), now=timezone.now(), by=user):
        transaction.on_commit(partial(hurry, number))
    else:
        messages.info(request, "This import was confirmed already; nothing is done twice.")
    return redirect("reporting-import", number=number)


@require_POST
def cancel_import(request: HttpRequest, number: int) -> HttpResponse:
    """Give an import up before it begins."""
    user = _importer(request)
    cancel(upload=_upload(user, number), now=timezone.now(), by=user)
    return redirect("reporting-import", number=number)


@require_safe
def faults(request: HttpRequest, number: int) -> HttpResponse:
    """List what the check found, a page at a time."""
    user = _importer(request)
    found = _upload(user, number)
    _must_have_list(found)
    with path_of(found.faults_in).open(encoding="utf-8", newline="") as lists:
        page = pages.faults_page(found, lists, request.GET.get("page", "1"))
    _seen(user, "import.faults_viewed", "import", f"{number} page {page.number}")
    return render(request, "imports/faults.html", {"page": page})


@require_safe
def faults_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """Give the whole list as CSV; cells that a spreadsheet would run are made plain text."""
    user = _importer(request)
    found = _upload(user, number)
    _must_have_list(found)
    _seen(user, "import.faults_downloaded", "import", str(number), Verb.DISCLOSURE)
    return FileResponse(
        path_of(found.faults_in).open("rb"),
        as_attachment=True,
        filename=f"import-{number}-faults.csv",
        content_type="text/csv; charset=utf-8",
    )


def _must_have_list(found: ExtractUpload) -> None:
    """Raise the page for what is absent, where there is no list (any more)."""
    if not found.faults_in or not path_of(found.faults_in).is_file():
        raise Http404


@require_safe
def conflicts(request: HttpRequest) -> HttpResponse:
    """List the conflicts that wait for a person, the oldest first; `?settled=1` those that do not."""
    user = _importer(request)
    settled = "settled" in request.GET
    page = conflicts_page(user, request.GET.get("page", "1"), settled=settled)
    _seen(user, "conflicts.listed", "import conflicts", f"page {page.number}")
    return render(request, "imports/conflicts.html", {"page": page})


def conflicts_page(user: User, number: str, *, settled: bool) -> pages.ConflictsPage:
    """Build the work list."""
    rows = ImportConflict.objects.visible_to(user).filter(settled_at__isnull=not settled)
    found = nearest_page(rows.order_by("found_at", "pk"), PAGE_SIZE, number)
    return pages.conflicts_page(found, settled=settled)


@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: HttpRequest, number: int) -> HttpResponse:
    """Show both versions side by side, and settle which of them stands, with a reason."""
    user = _importer(request)
    found = _conflict(user, number)
    if request.method != "POST":
        _seen(user, "conflict.viewed", "import conflict", str(number))

    def act(form: SettleForm) -> str:
        settle(
            conflict=found,
            stands=ImportConflict.Stands(form.cleaned_data["stands"]),
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
            by=user,
        )
        return reverse("reporting-conflicts")

    return record_by_form(
        request,
        form=partial(SettleForm, offers=_offers(found)),
        sheet=_sheet(user, number),
        stored=lambda: _stored(_conflict(user, number)),
        act=act,
    )


def _conflict(user: User, number: int) -> ImportConflict:
    rows = ImportConflict.objects.visible_to(user).select_related(
        "source__by", "imported_by", "settlement__settled_by"
    )
    return get_object_or_404(rows, pk=number)


def _sheet(user: User, number: int) -> Sheet:
    """Say what stands around the form; both versions are read when the page is drawn, not before."""
    return Sheet(
        title=f"Conflict {number}",
        heading="Settle it",
        button="Settle this conflict",
        back=reverse("reporting-conflicts"),
        done="The conflict is settled.",
        template="imports/conflict.html",
        context={
            "conflict": SimpleLazyObject(lambda: _side_by_side(user, _conflict(user, number)))
        },
    )


def _offers(found: ImportConflict) -> list[tuple[str, str]]:
    with acting_for(Purpose.REPORT):  # an import compares with every case, whoever settles
        return pages.offers(found)


def _side_by_side(user: User, found: ImportConflict) -> pages.ConflictPage:
    """Lay both versions side by side, with who the child is only while the person has that open."""
    named = found.child_id is not None and identification_of(user, found.child_id) is not None
    with acting_for(Purpose.REPORT):
        return pages.conflict_page(found, named=named)


def _stored(found: ImportConflict) -> Stored:
    """Name the version that a person judges; one that is settled is nobody's to judge any more."""
    if found.settled_at:
        return Stored(token="settled", at=found.settled_at)  # noqa: S106  # no secret
    with acting_for(Purpose.REPORT):
        hub = found.hub_version()
    by = hub.recorded_by.name if hub and hub.recorded_by else ""
    return Stored(token=version_of(hub), by=by, at=hub.known_from if hub else None)


def _seen(
    user: User, event: str, what: str, reference: str, verb: Verb = Verb.CONSULTATION
) -> None:
    record(event=event, verb=verb, what=what, reference=reference, at=timezone.now(), by=user)
