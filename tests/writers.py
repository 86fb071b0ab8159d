"""Creates drafts for concurrent writers and checks the result; run in a separate process."""

import hashlib
import io
from collections import Counter

from django.conf import settings
from django.test import Client
from django.utils import timezone

from clinic.models import AuditEvent, Role
from patients.actions import papers
from patients.models import Paper, Patient
from patients.selectors import papers as papers_selectors
from tests import audit_chain, factories, scans
from tests.treatments import notes
from treatments.models import DraftEvent, NeedleSite, NeedlingSession


def seed(count: int) -> list[dict]:
    """A draft for each therapist, with the session cookie of their sign-in."""
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


def signed_note() -> int:
    """The key of a session that is signed."""
    person = factories.user("signer", Role.THERAPIST, Role.FRONT_DESK, profession="pt")
    draft = factories.session(factories.patient(person, family_name="Signedabout"), person)
    factories.session_condition(draft)
    return notes.signed(draft).pk


def check() -> dict:
    """What the database holds after the saves."""
    return {
        "saves": DraftEvent.objects.filter(field="note").count(),
        "registered": Patient.objects.filter(family_name__startswith="Atonce").count(),
        "newest": dict(NeedlingSession.objects.values_list("ref", "note")),
        "broken": audit_chain.first_broken_link(),
    }


def field_and_journal(ref: str, field: str) -> dict:
    """The current value of a field, its values in the journal, and the first broken link of the audit."""
    events = DraftEvent.objects.filter(session__ref=ref, field=field).order_by("pk")
    current = getattr(NeedlingSession.objects.get(ref=ref), field)
    new = list(events.values_list("new", flat=True))
    return {"stands": current, "changes": new, "broken": audit_chain.first_broken_link()}


def after_kill(acknowledged: dict) -> dict:
    """Acknowledged saves that are missing, partial saves, and the first broken link of the audit chain."""
    journaled = {str(key) for key in DraftEvent.objects.filter(seq=1).values_list("client_id", flat=True)}
    drafts = NeedleSite.objects.filter(session__signed_at=None)
    stored_sites = {str(key) for key in drafts.values_list("key", flat=True)}
    stored = journaled | stored_sites
    return {
        "lost": sorted({*acknowledged["notes"], *acknowledged["sites"]} - stored),
        "half": half_saved(stored_sites),
        "broken": audit_chain.first_broken_link(),
    }


def after_failover(acknowledged: dict) -> dict:
    """The same of notes, sites and patients; and patients that were registered twice."""
    found = after_kill({"notes": acknowledged["note"], "sites": acknowledged["site"]})
    registered = Counter(
        name.removeprefix("Atonce")
        for name in Patient.objects.filter(family_name__startswith="Atonce").values_list(
            "family_name", flat=True
        )
    )
    found["lost"] += sorted(set(acknowledged["patient"]) - set(registered))
    return {**found, "doubled": sorted(name for name, times in registered.items() if times > 1)}


def half_saved(stored_sites: set[str]) -> list[str]:
    """Rows without their event, events without their row, and either without its audit event."""
    journaled_sites = {
        str(key) for key in DraftEvent.objects.filter(field="site").values_list("site_key", flat=True)
    }
    typed = DraftEvent.objects.filter(field="other_care")
    partial = sorted(journaled_sites ^ stored_sites)
    for session in NeedlingSession.objects.filter(events__in=typed).distinct():
        newest = typed.filter(session=session).order_by("-pk").first()
        partial += [session.ref] if newest.new != session.other_care else []
    events = AuditEvent.objects.filter(code="session.field_saved")
    partial += ["audit"] if events.count() != typed.count() else []
    return partial


def scanned_paper() -> int:
    """The key of a paper of several parts, filed as the desk files it."""
    desk = factories.user("filer", Role.FRONT_DESK)
    patient = factories.patient(desk, family_name="Scannedabout")
    content = scans.pdf(b"%" + bytes(range(256)) * 3_000)
    values = {"kind": "other", "title": "Letter", "paper_on": timezone.localdate()}
    return papers.file(patient, by=desk, content=io.BytesIO(content), size=len(content), **values).pk


def scanned_paper_digest() -> bool:
    """Whether the parts of that paper still say its digest."""
    paper = Paper.objects.get()
    stored = b"".join(papers_selectors.parts_of(paper))
    return len(stored) > 700_000 and hashlib.sha256(stored).hexdigest() == paper.digest
