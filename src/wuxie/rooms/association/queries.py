"""Reads that pages and exports of the association need."""

from __future__ import annotations

from django.db.models import QuerySet

from wuxie.kernel.parties.models import Appointment, Organisation

CONTACT_ROLES = ("company_contact", "company_admin")


def contacts(organisation: Organisation) -> QuerySet[Appointment]:
    """The people who speak for a member today."""
    rows = Appointment.objects.now().filter(organisation=organisation, role__in=CONTACT_ROLES)
    return rows.select_related("person").order_by("role", "starts_on", "pk")
