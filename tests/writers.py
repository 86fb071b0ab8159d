"""Rows for people who write at once, and the check afterwards; run in a process of its own."""

from django.conf import settings
from django.test import Client

from clinic.models import AuditEvent, Role
from patients.models import Patient
from tests import audit_chain, factories
from treatments.models import DraftEvent, NeedleSite, NeedlingSession


def seed(count: int) -> list[dict]:
    """A draft of one's own for each therapist; the cookie is their sign-in."""
    writers = []
    for number in range(count):
        person = factories.user(f"writer{number}", Role.THERAPIST, Role.FRONT_DESK, profession="pt")
        patient = factories.patient(person, family_name=f"Writtenabout{number}")
        draft = factories.session(patient, person)
        factories.session_condition(draft)
        browser = Client()
        browser.force_login(person)
        cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
        writers.append({"session": draft.ref, "cookie": cookie})
    return writers


def check() -> dict:
    """What the database says of the saves."""
    return {
        "saves": DraftEvent.objects.filter(field="note").count(),
        "registered": Patient.objects.filter(family_name__startswith="Atonce").count(),
        "newest": dict(NeedlingSession.objects.values_list("ref", "note")),
        "broken": audit_chain.first_broken_link(),
    }


def field_and_journal(ref: str, field: str) -> dict:
    """A field of a draft as it stands, what its journal says, and the chain's first broken link."""
    events = DraftEvent.objects.filter(session__ref=ref, field=field).order_by("pk")
    stands = getattr(NeedlingSession.objects.get(ref=ref), field)
    new = list(events.values_list("new", flat=True))
    return {"stands": stands, "changes": new, "broken": audit_chain.first_broken_link()}


def after_kill(acknowledged: dict) -> dict:
    """What was acknowledged and is not there, what is there by half, and the chain's first broken link."""
    kept = {str(key) for key in DraftEvent.objects.filter(seq=1).values_list("client_id", flat=True)}
    standing = {str(key) for key in NeedleSite.objects.values_list("key", flat=True)}
    noted = kept | standing
    return {
        "lost": sorted({*acknowledged["notes"], *acknowledged["sites"]} - noted),
        "half": half_saved(standing),
        "broken": audit_chain.first_broken_link(),
    }


def half_saved(standing: set[str]) -> list[str]:
    """A row without its event, an event without its row, or either without its place in the audit."""
    said = {str(key) for key in DraftEvent.objects.filter(field="site").values_list("site_key", flat=True)}
    typed = DraftEvent.objects.filter(field="other_care")
    half = sorted(said ^ standing)
    for session in NeedlingSession.objects.filter(events__in=typed).distinct():
        newest = typed.filter(session=session).order_by("-pk").first()
        half += [session.ref] if newest.new != session.other_care else []
    events = AuditEvent.objects.filter(code="session.field_saved")
    half += ["audit"] if events.count() != typed.count() else []
    return half
