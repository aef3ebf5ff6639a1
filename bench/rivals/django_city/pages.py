"""Dashboard and queue: rows by `select_related` or `values_list`, templates compiled once, headers as the tracker's."""

import os
from datetime import date, timedelta

from django.db.models import F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from bench.rivals.django_city.models import Contractor, Inspection, Permit, Staff

OPEN = ("requested", "scheduled", "on_the_way", "arrived")
TODAY = date.fromisoformat(os.environ["TODAY"])
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"


def guarded(get_response):
    """Loads who is signed in, in one query, and sets the headers that Django does not know."""

    def answer(request):
        kind, id = request.session.get("who", ("", 0))
        if kind == "staff":
            request.account = Staff.objects.filter(id=id, left_at=None).first()
        else:
            request.account = Contractor.objects.filter(id=id, blocked_at=None, merged_into_id=None).first()
        response = get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def healthz(request):
    return HttpResponse("ok")


def sign_in(request, kind, id):
    request.session["who"] = (kind, id)
    return redirect("dashboard" if kind == "contractor" else "queue")


def dashboard(request):
    company = request.account
    if company is None:
        raise Http404
    inspections = (
        Inspection.objects.filter(contractor=company)
        .filter(Q(status__in=OPEN) | Q(closed_on__gte=TODAY - timedelta(days=30)))
        .select_related("permit", "inspection_type", "inspector", "request")
        .order_by("day", "id")[:26]
    )
    permits = (
        Permit.objects.filter(contractors=company, status="issued")
        .filter(Q(expires_on=None) | Q(expires_on__gte=TODAY - timedelta(days=30)))
        .order_by(F("issued_on").desc(), "-id")
        .values_list("permit_num", "original_address1", "description", "expires_on", named=True)
        .distinct()[:26]
    )
    shown = {"company": company, "inspections": list(inspections), "permits": list(permits), "now": timezone.now()}
    return render(request, "dashboard.html", shown)


def queue(request):
    if request.account is None:
        raise Http404
    rows = (
        Inspection.objects.filter(status__in=OPEN)
        .order_by("day", "requested_at", "id")
        .values_list(
            "id", "status", "day", "time_frame", "remarks", "requested_at", "inspector__name", "inspector_id",
            "inspection_type__name", "permit__permit_num", "request__site_address", "permit__original_zip",
            "contractor__company_name", "request__contact_name", "request__phone",
            named=True,
        )[:51]
    )  # fmt: skip
    shown = {
        "rows": list(rows)[:50],
        "total": Inspection.objects.filter(status__in=OPEN).count(),
        "inspectors": Staff.objects.filter(role="inspector", left_at=None).order_by("name").values_list("id", "name"),
        "now": timezone.now(),
    }
    return render(request, "queue.html", shown)


urlpatterns = [
    path("healthz", healthz),
    path("sign-in/<kind>/<int:id>", sign_in),
    path("dashboard", dashboard, name="dashboard"),
    path("staff/queue", queue, name="queue"),
    path("permits/<number>", healthz, name="permit"),
    path("permits/<number>/request", healthz, name="request_inspections"),
    path("inspections/<int:id>/move", healthz, name="move"),
    path("inspections/<int:id>/cancel", healthz, name="cancel"),
    path("staff/inspections/<int:id>", healthz, name="inspection"),
    path("staff/permits/<number>", healthz, name="staff_permit"),
]
