"""Invariants of a session, computed from the stored rows and not from the product's rules."""

import datetime as dt
from collections import Counter

from clinic.models import AuditEvent
from treatments.models import Addendum, DraftEvent, ErrorMark, NeedlingSession, Override
from treatments.rules.session import fields
from treatments.rules.signing import seal as seal_rules
from treatments.selectors.signing import seal

TIMES = ("needle_in_at", "needle_out_at")
WRITES = (
    "session.field_saved", "session.site_added", "session.site_changed", "session.site_struck",
    "session.rule_answered", "session.signed", "session.voided", "session.closed", "session.in_error",
    "addendum.written",
)  # fmt: skip


def session_of(ref: str) -> NeedlingSession:
    return NeedlingSession.objects.get(ref=ref)


def needle_is_in(site) -> bool:
    return site.needle_in_at is not None and site.needle_out_at is None


def muscle_value(site) -> str:
    """The muscle as a form posts it: its code, or the name of a muscle that is not in the list."""
    return site.muscle.code if site.muscle else site.unlisted_name


def sealed_and_current(session: NeedlingSession) -> tuple[str, str]:
    """The signed text, and the same text composed from the locked columns as they are now."""
    row = seal.with_locked_rows(NeedlingSession.objects.select_related("seal")).get(pk=session.pk)
    assert seal.verify(row).agrees
    return row.seal.text, seal_rules.canonical(seal.locked_values(row))


def audited_writes(session: NeedlingSession) -> Counter:
    """Writes of this session in the audit, by code. Added sites are counted one by one."""
    rows = AuditEvent.objects.filter(patient_ref=session.patient.ref, code__in=WRITES)
    found = Counter()
    for code, changes in rows.values_list("code", "changes"):
        found[code] += len(changes) if code == "session.site_added" else 1
    return found


def stored_writes(session: NeedlingSession) -> Counter:
    """The same counts from the stored rows."""
    found = Counter()
    for event in DraftEvent.objects.filter(session=session):
        # signing sets a missing end time, which has no audit event of its own
        if event.field == "ended_at" and event.origin == DraftEvent.Origin.PROPOSED:
            continue
        found[code_of(event)] += 1
    incidents = Override.objects.filter(session=session, rule="needles-differ").count()
    found["session.rule_answered"] += Override.objects.filter(session=session).count() - incidents
    found["session.signed"] += session.signed_at is not None
    found["session.voided"] += session.voided_at is not None
    found["session.closed"] += session.closed_unsigned_at is not None
    found["session.in_error"] += ErrorMark.objects.filter(session=session).count()
    found["addendum.written"] += Addendum.objects.filter(session=session).count()
    return +found


def code_of(event: DraftEvent) -> str:
    if event.field in fields.PLACES:
        return "session.field_saved"
    if event.field == "site_struck":
        return "session.site_struck"
    return "session.site_added" if event.field == "site" and event.old is None else "session.site_changed"


def replayed_values(session: NeedlingSession) -> dict:
    """The values that result from the journal: {("plan", ""): …, key of a site: {…}}."""
    values, rows = {}, {}
    for event in DraftEvent.objects.filter(session=session).order_by("pk"):
        row = rows.get(str(event.site_key))
        if event.field == "site":
            site_values = {name: value for name, value in event.new.items() if name != "origins"}
            assert row is None or all(site_values[time] == row[time] for time in TIMES), (
                "a time of its own change"
            )
            rows[str(event.site_key)] = {**(row or {"struck": False}), **site_values}
        elif event.field == "site_struck":
            assert row["struck"] == event.old
            row["struck"] = event.new
        elif event.field in TIMES:
            assert row[event.field] == event.old
            row[event.field] = event.new
        else:
            values[event.field, event.part] = instant(event.field, event.new)
    return {**values, **rows}


def current_values(session: NeedlingSession, names) -> dict:
    """The same values from the stored rows."""
    found = {(name, part): _value(session, name, part) for name, part in names}
    for site in session.sites.all():
        found[str(site.key)] = {"struck": site.struck_at is not None, **fields.site_values(site)}
    return found


def _value(session: NeedlingSession, name: str, part: str):
    if name == "advice":
        return session.aftercare.filter(item__code=part, given_at__isnull=False).exists()
    if fields.PLACES[name] == fields.CONDITION:
        return getattr(session.conditions.get(pk=part), name)
    return instant(name, fields.json_value(getattr(session, name)))


def instant(name: str, value):
    """Times in UTC, so that equal instants compare equal."""
    if not name.endswith("_at") or value is None:
        return value
    return dt.datetime.fromisoformat(value).astimezone(dt.UTC).isoformat()
