"""Makes a draft ready to sign, and signs it."""

import datetime as dt
import uuid

from django.utils import timezone

from clinic.models import BodyRegion
from tests import factories
from treatments.actions.signing import signature
from treatments.models import Aftercare, AftercareAdvice, DraftEvent, Muscle, NeedlingSession, Seal
from treatments.rules.signing import readiness
from treatments.selectors.session import draft as drafts


def approve_limit(muscle: str, depth_mm: int) -> None:
    """A depth limit of the practice: without one a site over the lung asks from what is published."""
    approved = {"limit_approved_by": "Dr. H. Oduya", "limit_approved_on": dt.date(2026, 3, 2)}
    Muscle.objects.filter(code=muscle).update(depth_limit_mm=depth_mm, **approved)


def ready(draft, *, ended_ago: dt.timedelta = dt.timedelta(minutes=5), **fields):
    """Fills in the draft: one site, pain before and after, needles counted, ended a moment ago."""
    therapist = draft.therapist
    approve_limit("is", 25)
    factories.site(draft, region=BodyRegion.objects.get(code="b-infra"), depth_mm=20)
    draft.conditions.update(pain_before=6, pain_after=3)
    now = timezone.now()
    first = AftercareAdvice.objects.current().first()
    # the site lies over the lung
    for item in (first, AftercareAdvice.objects.get(code="first-hours-lung")):
        Aftercare.objects.create(session=draft, item=item, text=item.text, given_at=now, given_by=therapist)
    ended = now - ended_ago
    # a session over midnight is asked about
    midnight = timezone.localtime(ended).replace(hour=0, minute=0, second=0, microsecond=0)
    values = {
        "started_at": max(ended - dt.timedelta(minutes=19), midnight),
        "ended_at": ended,
        "tolerance": "well",
        "needles_out": 1,
        "needles_counted_at": now,
        "needles_counted_by": therapist,
        "plan": "Same in a week.",
        **fields,
    }
    NeedlingSession.objects.filter(pk=draft.pk).update(**values)
    return NeedlingSession.objects.get(pk=draft.pk)


def signed(draft, **fields):
    note = ready(draft, **fields)
    return signature.sign(note, by=note.therapist, proved=True, identity_checked=True)


def copied(draft, plan: str = "Twice a week."):
    """The draft with a plan out of a note that was entered on the wrong patient, not confirmed yet."""
    draft.plan = plan
    draft.save(update_fields=["plan"])
    origin, stamp = DraftEvent.Origin.COPIED, {"client_id": uuid.uuid4(), "seq": 1}
    DraftEvent.objects.create(
        session=draft, field="plan", new=plan, origin=origin, by=draft.therapist, **stamp
    )
    return draft


def sign_facts(session) -> readiness.SigningFacts:
    """The session as its signature would see it now, but for who signs."""
    return readiness.facts_for(drafts.whole(session.pk))


def stored(column: str, text: str) -> bytes:
    """What a seal's column holds of a text or a digest."""
    return Seal._meta.get_field(column).get_prep_value(text)
