"""A page with a patient banner shows allergies and risks, so it writes a look into the audit."""

import pytest
from django.db import transaction

from clinic.models import AuditEvent
from tests import world

# the suite creates no test database without it
pytestmark = pytest.mark.django_db


def looks_of(practice, role, address, state) -> tuple[str, list[str]]:
    """(the patient of the banner, the audit codes that the page wrote)."""
    before = AuditEvent.objects.count()
    with transaction.atomic():
        client = world.client_of(practice, role)
        response = client.get(address.path(practice.values(address, state)))
        left = AuditEvent.objects.order_by("seq")[before:].values_list("code", "patient_ref")
        shown = (response.context or {}).get("strip") if response.status_code == 200 else None
        ref = shown["ref"] if shown else ""
        codes = [code for code, about in left if about == ref and not code.startswith("user.")]
        transaction.set_rollback(True)
    return ref, codes


def test_every_page_with_a_strip_leaves_a_look(practice):
    for role in world.READERS:
        world.client_of(practice, role)
    seen = {
        (role, address.name, state): looks_of(practice, role, address, state)
        for role, address, state in world.requests_of(practice)
    }
    with_strip = {where: codes for where, (ref, codes) in seen.items() if ref}

    assert len(with_strip) > 40
    assert sorted({where[1] for where, codes in with_strip.items() if not codes}) == []
    assert {where: codes for where, codes in with_strip.items() if len(codes) > 1} == {}
