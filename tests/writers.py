"""Rows for people who write at once, and the check afterwards; run in a process of its own."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from clinic import audit
from clinic.models import Role
from patients.models import Patient
from tests import factories
from treatments.models import DraftEvent, NeedlingSession


def seed(count: int) -> list[dict]:
    """A draft of one's own for each therapist; the cookie is their sign-in."""
    writers = []
    for number in range(count):
        person = factories.user(f"writer{number}", Role.THERAPIST, Role.FRONT_DESK, profession="pt")
        patient = factories.patient(person, family_name=f"Writtenabout{number}")
        draft = factories.session(patient, person)
        factories.session_condition(draft)
        store = SessionStore()
        store.update(
            {
                SESSION_KEY: str(person.pk),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: person.get_session_auth_hash(),
            }
        )
        store.save()
        writers.append({"session": draft.ref, "cookie": store.session_key})
    return writers


def check() -> dict:
    """What the database says of the saves."""
    return {
        "saves": DraftEvent.objects.filter(field="note").count(),
        "registered": Patient.objects.filter(family_name__startswith="Atonce").count(),
        "newest": dict(NeedlingSession.objects.values_list("ref", "note")),
        "broken": audit.first_broken_link(),
    }
