"""A small test practice with one record in every state, and walks over all its pages."""

import datetime as dt
import re
from dataclasses import dataclass, field

from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from clinic.models import Role, User
from patients.models import Handover, MergeJournal, PatientAccess, Visit
from tests import factories, scans
from treatments.models import (
    Addendum,
    AdverseEvent,
    AdverseEventKind,
    ErrorMark,
    FollowUp,
    Measurement,
    NeedlingSession,
    RedFlag,
    Seal,
    SharpsInjury,
    SorenessReport,
)
from treatments.rules.signing import seal as seal_rules
from treatments.selectors.signing import seal

OURS = ("patients:", "treatments:", "who-may-what", "held-form", "state-", "set-up-", "mail")
# Roles of the permission table, in order. `other` is a therapist without notes here; `nobody` has no role.
ROLES = ("desk", "author", "other", "lead", "admin", "nobody")


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf: its name with namespace, its route and the view it leads to."""

    name: str
    route: str
    view: object = field(compare=False)

    def path(self, values: dict) -> str:
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match[1]]), self.route)

    @property
    def needs(self) -> set[str]:
        return set(re.findall(r"<(?:\w+:)?(\w+)>", self.route))


def addresses() -> list[Address]:
    """Every pattern of the URLconf but those of Django's administration."""

    def walk(entries, prefix="", space=""):
        for entry in entries:
            if isinstance(entry, URLPattern):
                yield Address(f"{space}{entry.name}", prefix + str(entry.pattern), entry.callback)
            elif isinstance(entry, URLResolver) and entry.namespace != "admin":
                inner = f"{entry.namespace}:" if entry.namespace else space
                yield from walk(entry.url_patterns, prefix + str(entry.pattern), inner)

    return list(walk(get_resolver().url_patterns))


def staff_addresses() -> list[Address]:
    return [address for address in addresses() if address.name.startswith(OURS)]


@dataclass
class World:
    people: dict[str, User]
    # state of a record -> URL arguments by kind of address
    states: dict[str, dict[str, dict]]
    clients: dict[str, Client] = field(default_factory=dict)

    def values(self, address: Address, state: str) -> dict:
        """The URL arguments of `address` for a record in that state."""
        return {**self.states[state][kind_of(address)], **self.states[state].get(address.name, {})}

    def states_of(self, address: Address) -> list[str]:
        """The states in which an address exists, `-` where it names no record."""
        kind = kind_of(address)
        return [state for state, kinds in self.states.items() if kind in kinds]


def kind_of(address: Address) -> str:
    """The kind of record in an address: its first part, and the kind of its inner record."""
    if not address.needs:
        return "-"
    first = address.route.split("/")[0]
    within = re.search(r"(\w[\w-]*)/<int:pk>", address.route)
    return f"{first}/{within[1]}" if within else first


def create_people() -> dict[str, User]:
    return {
        "desk": factories.user("desk", Role.FRONT_DESK),
        "author": factories.user("author", Role.THERAPIST, profession="pt"),
        "other": factories.user("other", Role.THERAPIST, profession="pt"),
        "lead": factories.user("lead", Role.LEAD),
        "admin": factories.user("admin", Role.ADMIN),
        "nobody": factories.user("nobody"),
    }


def treated(people: dict[str, User], name: str, **fields) -> NeedlingSession:
    """A patient with a draft, and one row of everything that the pages about them can show."""
    desk, author = people["desk"], people["author"]
    patient = factories.patient(desk, family_name=name, given_name="Plainly", **fields)
    factories.visit(patient, author, booked_for=timezone.now() + dt.timedelta(days=7))
    session = factories.session(patient, author)
    factories.session_condition(session)
    for side in ("right", "left"):
        factories.site(session, side=side)
    Measurement.objects.create(session=session, kind=Measurement.Kind.RANGE, side="right", before=40)
    return session


def sign(session: NeedlingSession) -> None:
    """Sets the signed state and the seal directly; the signing action has tests of its own."""
    now, by = timezone.now(), session.therapist
    NeedlingSession.objects.filter(pk=session.pk).update(ended_at=now, signed_at=now, signed_by=by)
    text = seal.text_of(seal.reread(session), signer=by, at=now)
    Seal.objects.create(
        session=session, version=seal_rules.VERSION, text=text, digest=seal_rules.digest(text), sealed_by=by
    )


def report(followup: FollowUp, by: User) -> SorenessReport:
    filed = SorenessReport.objects.create(
        followup=followup, reported_by=by, now=3, worst=5, triage=SorenessReport.Triage.URGENT
    )
    RedFlag.objects.create(report=filed, therapist=followup.session.therapist)
    return filed


def route_values(session: NeedlingSession, flagged: FollowUp, due: FollowUp) -> dict[str, dict]:
    """URL arguments by kind of record for this session's patient."""
    ref = {"ref": session.patient.ref}
    return {
        "patients": {**ref, "kind": "intake", "other": merge_of(session).loser.ref},
        "patients/merge": {**ref, "pk": merge_of(session).pk},
        "patients/glass": {**ref, "pk": session.patient.opened_to.get().pk},
        "patients/conditions": {**ref, "pk": session.episode.conditions.get().pk},
        "patients/screenings": {**ref, "pk": session.screening_id},
        "patients/consents": {**ref, "pk": session.consent_id},
        "patients/papers": {**ref, "pk": session.patient.papers.get().pk},
        "sessions": {"ref": session.ref, "key": session.sites.first().key, "kind": "rom"},
        "sessions/measurements": {"ref": session.ref, "pk": session.measurements.get().pk},
        "sessions/adverse-events": {"ref": session.ref, "pk": session.adverse_events.standing().get().pk},
        "visits": {"ref": Visit.objects.expected().get(patient=session.patient).ref},
        "followups": {"ref": due.ref},
        "treatments:red-flag": {"ref": flagged.ref},
    }


def merge_of(session: NeedlingSession) -> MergeJournal:
    """One that stands in the journal only: the pages of the patient show nothing of it."""
    return MergeJournal.objects.get(survivor=session.patient)


def patient_record(people: dict[str, User], name: str, **fields) -> tuple[NeedlingSession, dict]:
    session = treated(people, name, **fields)
    broken = timezone.now() - dt.timedelta(hours=2)
    PatientAccess.objects.create(
        patient=session.patient,
        user=people["other"],
        reason="In pain",
        is_glass=True,
        until_at=broken + dt.timedelta(hours=1),
        given_at=broken,
        given_by=people["other"],
    )
    AdverseEvent.objects.create(
        session=session,
        kind=AdverseEventKind.objects.first(),
        severity=1,
        phase=AdverseEvent.Phase.DURING,
        noted_by=people["author"],
    )
    factories.paper(session.patient, people["desk"], scans.pdf(b"% Plainly"))
    twin = factories.patient(people["desk"], family_name=f"{name}-Twinwood")
    MergeJournal.objects.create(loser=twin, survivor=session.patient, merged_by=people["lead"])
    due = factories.followup(session)
    flagged = factories.followup(session, step=72)
    report(flagged, people["desk"])
    return session, route_values(session, flagged, due)


def build() -> World:
    people = create_people()
    draft, drafted = patient_record(people, "Draftwood")
    signed, sealed = patient_record(people, "Signwood")
    addended, later = patient_record(people, "Addwood")
    in_error, marked = patient_record(people, "Errorwood")
    restricted, closed = patient_record(people, "Lockwood")
    for session in (signed, addended, in_error, restricted):
        sign(session)
    author = people["author"]
    addendum(addended, author, "addendum", reason="Forgot", text="Depth")
    for note, values in ((addended, later), (restricted, closed)):
        asked = addendum(note, author, "patient_request", reason="Asked", text="It was May")
        values["sessions/addenda"] = {"ref": note.ref, "pk": asked.pk}
    # a patient request always belongs to a signed note
    drafted["sessions/addenda"] = later["sessions/addenda"]
    ErrorMark.objects.create(session=in_error, reason="Wrong patient", marked_by=author)
    type(restricted.patient).objects.filter(pk=restricted.patient_id).update(
        restricted_at=timezone.now(), restricted_by=people["lead"]
    )
    Handover.objects.create(
        patient=draft.patient, purpose="screening", kind="visit", started_by=people["desk"]
    )
    return World(
        people,
        {
            "-": {
                "-": {},
                "handover": {"step": 1},
                "warning-signs": {"code": "infection-any"},
                "sharps/sharps": {"pk": injury_of(people["author"]).pk},
                "state-rules": {"code": "us-or-pt"},
                "patients/bring-in": {"pk": factories.brought_file(people["lead"]).pk},
                "sharps/move": {"pk": misplaced_injury(addended).pk},
            },
            "draft": drafted,
            "signed": session_values(sealed),
            "addended": session_values(later),
            "in-error": session_values(marked),
            "restricted": closed,
        },
    )


def addendum(note: NeedlingSession, author: User, kind: str, **texts) -> Addendum:
    return Addendum.objects.create(session=note, kind=kind, written_by=author, **texts)


def injury_of(person: User) -> SharpsInjury:
    return SharpsInjury.objects.create(
        injured=person,
        occurred_at=timezone.now(),
        location=factories.location(),
        area="Room 2",
        device_type="Dry needle",
        device_brand="Plain",
        contaminated="yes",
        how="Recapping",
        noted_by=person,
    )


def misplaced_injury(session: NeedlingSession) -> AdverseEvent:
    """An injury of staff as it was filed into a patient's record before the log existed."""
    return factories.adverse_event(session, by=session.therapist, kind=factories.staff_kind())


def session_values(stands: dict[str, dict]) -> dict[str, dict]:
    return {kind: values for kind, values in stands.items() if kind.startswith("sessions")}


READERS = ("author", "desk", "lead")


def requests_of(practice: World, roles=READERS):
    """(role, address, state) of every staff page in every state."""
    for role in roles:
        for address in staff_addresses():
            for state in practice.states_of(address):
                yield role, address, state


def client_of(practice: World, role: str) -> Client:
    """Signed in: a sign-in of an earlier test was rolled back with it, and its client is a stranger's."""
    client = practice.clients.get(role)
    if client is None or (role in practice.people and SESSION_KEY not in client.session):
        client = practice.clients[role] = Client(raise_request_exception=False)
        client.force_login(practice.people[role])
    return client


def sign_in_anew(practice: World) -> None:
    """Renews the sign-ins during a long walk, before the idle lock applies."""
    practice.clients.clear()


def walk(practice: World, roles=READERS):
    """(role, address, state, response) of every staff page that one of the roles can read. A file is none."""
    for role, address, state in requests_of(practice, roles):
        response = client_of(practice, role).get(address.path(practice.values(address, state)))
        if response.status_code == 200 and not response.streaming:
            yield role, address, state, response
