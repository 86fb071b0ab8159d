"""What must be true of a session at every moment, asked of the rows and not of the product's rules."""

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
    """What a form calls the muscle of a site: its code, or the words for one that stands in no list."""
    return site.muscle.code if site.muscle else site.unlisted_name


def sealed_and_current(session: NeedlingSession) -> tuple[str, str]:
    """The text that was signed, and every locked column as it is read from the database now."""
    row = seal.with_locked_rows(NeedlingSession.objects.select_related("seal")).get(pk=session.pk)
    assert seal.verify(row).agrees
    return row.seal.text, seal_rules.canonical(seal.locked_values(row))


def audited_writes(session: NeedlingSession) -> Counter:
    """Writes that the audit knows of this session, by their code. Added sites are counted one by one."""
    rows = AuditEvent.objects.filter(patient_ref=session.patient.ref, code__in=WRITES)
    found = Counter()
    for code, changes in rows.values_list("code", "changes"):
        found[code] += len(changes) if code == "session.site_added" else 1
    return found


def stored_writes(session: NeedlingSession) -> Counter:
    """The same, counted in the rows that were written."""
    found = Counter()
    for event in DraftEvent.objects.filter(session=session):
        # a signature notes the end that nobody had entered
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
    """What the journal comes to: {("plan", ""): …, key of a site: {…}}."""
    values, rows = {}, {}
    for event in DraftEvent.objects.filter(session=session).order_by("pk"):
        row = rows.get(str(event.site_key))
        if event.field == "site":
            said = {name: value for name, value in event.new.items() if name != "origins"}
            assert row is None or all(said[time] == row[time] for time in TIMES), "a time of its own change"
            rows[str(event.site_key)] = {**(row or {"struck": False}), **said}
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
    """The same, as it stands in the rows now."""
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
    """One instant has one spelling, whatever the clock that it was typed by."""
    if not name.endswith("_at") or value is None:
        return value
    return dt.datetime.fromisoformat(value).astimezone(dt.UTC).isoformat()
