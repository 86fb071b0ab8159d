"""Whether a person may needle on a day in a jurisdiction: what is missing, and who may supervise."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.models import Credential, Jurisdiction
from clinic.values.errors import Reason
from patients.rules import ages
from treatments.rules import delegation

Kind = Credential.Kind
# Requirements that are earned while treating under supervision: a supervisor covers these and no others.
# source: domain facts 3.1 (b)(4) and (5); which gaps a supervisor covers is the practice's own caution
EARNED_UNDER_SUPERVISION = frozenset({"sessions-short", "exam-missing"})
HOURS_BEFORE = gettext_lazy(
    "%(rules)s asks for %(required)s hours of instruction before needling; %(has)s of %(person)s are on "
    "record. Have the certificates entered under People."
)
HOURS_OF_THEORY = gettext_lazy(
    "%(rules)s asks for %(required)s hours of needling theory; %(has)s of %(person)s are on record. "
    "Have the certificates entered under People."
)
HOURS_OF_PRACTICE = gettext_lazy(
    "%(rules)s asks for %(required)s hours of needling practice; %(has)s of %(person)s are on record. "
    "Have the certificates entered under People."
)
HOURS_OF_TRAINING = gettext_lazy(
    "%(rules)s asks for %(required)s hours of training; %(has)s of %(person)s are on record. "
    "Have the certificates entered under People."
)
RECORD_HINT = gettext_lazy("Ask an administrator to enter it under People.")


@dataclass(frozen=True)
class HeldCredential:
    """One credential. Without a profile it counts in every jurisdiction."""

    kind: str
    profile: str = ""
    state: str = ""
    number: str = ""
    issued_on: dt.date | None = None
    expires_on: dt.date | None = None
    hours: int = 0
    sessions: int = 0

    def stands(self, on: dt.date) -> bool:
        return (self.issued_on is None or self.issued_on <= on) and not self.ended(on)

    def ended(self, on: dt.date) -> bool:
        return self.expires_on is not None and self.expires_on < on


@dataclass(frozen=True)
class Requirements:
    """What a jurisdiction requires of whoever needles. None: no rule was found, so nothing is required."""

    profile: str
    name: str
    is_state: bool = True
    state: str = ""
    hours_prerequisite: int | None = None
    hours_didactic: int | None = None
    hours_practicum: int | None = None
    hours_total: int | None = None
    supervised_sessions: int | None = None
    exam: bool = False
    licence_months: int | None = None
    delegation_allowed: bool | None = None

    @property
    def counts_sessions(self) -> bool:
        return bool(self.supervised_sessions)

    def accepts(self, credential: HeldCredential) -> bool:
        """Under a state's profile, shipped or copied, that state's count, and those that name no profile."""
        if not self.is_state or credential.profile in ("", self.profile):
            return True
        return bool(self.state) and credential.state == self.state


@dataclass(frozen=True)
class Practitioner:
    """`sessions_here` are the supervised sessions that were signed and co-signed under the profile."""

    pk: int
    name: str
    profession: str
    held: tuple[HeldCredential, ...] = ()
    sessions_here: int = 0

    @property
    def in_training(self) -> bool:
        """Somebody whose supervised sessions are being counted."""
        return bool(self.sessions_here) or any(row.kind == Kind.SUPERVISED for row in self.held)


@dataclass(frozen=True)
class QualificationFacts:
    """Who needles on which day in which jurisdiction, and the supervisor who was named."""

    therapist: Practitioner
    needs: Requirements
    on: dt.date
    supervisor: Practitioner | None = None


def missing_qualifications(person: Practitioner, needs: Requirements, *, on: dt.date) -> list[Reason]:
    """What `person` lacks to needle alone on that day, all of it at once."""
    profession = delegation.reasons(
        person.profession, person=person.name, rules=needs.name, allowed=needs.delegation_allowed
    )
    if any(reason.code == delegation.NOT_A_PT for reason in profession):
        return profession
    held = [row for row in person.held if needs.accepts(row)]
    return [
        *profession,
        *_licence(person, held, needs, on),
        *_hours(person, held, needs, on),
        *_exam(person, held, needs, on),
        *_sessions(person, held, needs, on),
    ]


def reasons(facts: QualificationFacts) -> list[Reason]:
    """Why this person may not needle on that day, with the supervisor named or without."""
    own = missing_qualifications(facts.therapist, facts.needs, on=facts.on)
    found = [reason for reason in own if not _is_covered_by_supervisor(reason, facts.needs)]
    earned = [reason for reason in own if reason not in found]
    if facts.supervisor is not None:
        return [*found, *_supervisor(facts, facts.supervisor)]
    if earned:
        messages = " ".join(str(reason.message) for reason in earned)
        message = _("%(messages)s Until then name the supervisor of this session.") % {"messages": messages}
        found.append(Reason("supervisor-missing", message, field="supervisor"))
    return found


def is_of_licence(reason: Reason) -> bool:
    """Whether it is about the license itself, which every visit needs, and not about needling."""
    return reason.code == delegation.NOT_A_PT or reason.code.startswith("licence-")


def offers_supervisor(facts: QualificationFacts) -> bool:
    """Whether whoever opens a session is asked for a supervisor: the profile or their training wants one."""
    own = missing_qualifications(facts.therapist, facts.needs, on=facts.on)
    return facts.therapist.in_training or any(
        _is_covered_by_supervisor(reason, facts.needs) for reason in own
    )


def sessions_of(person: Practitioner, needs: Requirements, *, on: dt.date) -> int:
    """Supervised sessions made elsewhere, as entered by hand, and those made here."""
    rows = [row for row in person.held if row.kind == Kind.SUPERVISED and needs.accepts(row)]
    return sum(row.sessions for row in rows if row.stands(on)) + person.sessions_here


def requirements_of(profile: Jurisdiction) -> Requirements:
    return Requirements(
        profile=profile.code,
        name=profile.name,
        is_state=bool(profile.state),
        state=profile.state,
        hours_prerequisite=profile.hours_prerequisite,
        hours_didactic=profile.hours_didactic,
        hours_practicum=profile.hours_practicum,
        hours_total=profile.hours_total,
        supervised_sessions=profile.supervised_sessions,
        exam=bool(profile.exam_required),
        licence_months=profile.min_licence_months,
        delegation_allowed=profile.delegation_allowed,
    )


def _is_covered_by_supervisor(reason: Reason, needs: Requirements) -> bool:
    earned = needs.counts_sessions and reason.code in EARNED_UNDER_SUPERVISION
    return earned or reason.code == delegation.ALONE


def _licence(
    person: Practitioner, held: list[HeldCredential], needs: Requirements, on: dt.date
) -> list[Reason]:
    """Every profile needs a licence that is current on the day."""
    licences = [row for row in held if row.kind == Kind.LICENCE]
    standing = [row for row in licences if row.stands(on)]
    if not licences:
        return [Reason("licence-missing", _no_licence(person, needs))]
    if not standing:
        return [Reason("licence-ended", _licence_ended(person, needs, licences, on))]
    return _licence_months(person, licences, needs, on)


def _no_licence(person: Practitioner, needs: Requirements) -> str:
    sentence = (
        _("No license of %(person)s for %(rules)s is on record. %(hint)s")
        if needs.is_state
        else _("No license of %(person)s is on record. %(hint)s")
    )
    return sentence % {"person": person.name, "rules": needs.name, "hint": RECORD_HINT}


def _licence_ended(
    person: Practitioner, needs: Requirements, licences: list[HeldCredential], on: dt.date
) -> str:
    sentence = (
        _("The license of %(person)s for %(rules)s %(state)s. Have the renewed one entered under People.")
        if needs.is_state
        else _("The license of %(person)s %(state)s. Have the renewed one entered under People.")
    )
    return sentence % {"person": person.name, "rules": needs.name, "state": _licence_state(licences, on)}


def _licence_state(licences: list[HeldCredential], on: dt.date) -> str:
    last = max((row.expires_on for row in licences if row.expires_on and row.ended(on)), default=None)
    return _("expired on %(day)s") % {"day": formats.day(last)} if last else _("is not valid yet")


def _licence_months(
    person: Practitioner, licences: list[HeldCredential], needs: Requirements, on: dt.date
) -> list[Reason]:
    if not needs.licence_months:
        return []
    first = min((row.issued_on for row in licences if row.issued_on), default=None)
    if first is None:
        message = _(
            "%(rules)s counts how long a license is held. Have its first day entered under People."
        ) % {"rules": needs.name}
        return [Reason("licence-undated", message)]
    eligible_on = ages.months_later(first, needs.licence_months)
    if eligible_on <= on:
        return []
    message = _("%(rules)s asks for %(months)s months of license. %(person)s may needle from %(day)s.") % {
        "rules": needs.name,
        "months": needs.licence_months,
        "person": person.name,
        "day": formats.day(eligible_on),
    }
    return [Reason("licence-too-new", message)]


def _hours(
    person: Practitioner, held: list[HeldCredential], needs: Requirements, on: dt.date
) -> list[Reason]:
    parts = (
        ({Kind.HOURS}, needs.hours_prerequisite, HOURS_BEFORE),
        ({Kind.DIDACTIC}, needs.hours_didactic, HOURS_OF_THEORY),
        ({Kind.COURSE}, needs.hours_practicum, HOURS_OF_PRACTICE),
        ({Kind.HOURS, Kind.DIDACTIC, Kind.COURSE}, needs.hours_total, HOURS_OF_TRAINING),
    )
    found = []
    for kinds, required, sentence in parts:
        has = sum(row.hours for row in held if row.kind in kinds and row.stands(on))
        if required and has < required:
            named = {"rules": needs.name, "person": person.name}
            found.append(Reason("hours-short", sentence % {**named, "required": required, "has": has}))
    return found


def _exam(person: Practitioner, held: list[HeldCredential], needs: Requirements, on: dt.date) -> list[Reason]:
    if not needs.exam or any(row.kind == Kind.EXAM and row.stands(on) for row in held):
        return []
    message = _("%(rules)s asks for an examination; none of %(person)s is on record. %(hint)s") % {
        "rules": needs.name,
        "person": person.name,
        "hint": RECORD_HINT,
    }
    return [Reason("exam-missing", message)]


def _sessions(
    person: Practitioner, held: list[HeldCredential], needs: Requirements, on: dt.date
) -> list[Reason]:
    made, required = sessions_of(person, needs, on=on), needs.supervised_sessions
    if not required or made >= required:
        return []
    message = _(
        "%(rules)s asks for %(required)s supervised sessions; %(made)s of %(person)s are on record."
    ) % {"rules": needs.name, "required": required, "made": made, "person": person.name}
    return [Reason("sessions-short", message)]


def _supervisor(facts: QualificationFacts, who: Practitioner) -> list[Reason]:
    if who.pk == facts.therapist.pk:
        message = _("Nobody supervises themselves. Name somebody else.")
        return [Reason("supervisor-is-author", message, field="supervisor")]
    missing = missing_qualifications(who, facts.needs, on=facts.on)
    if not missing:
        return []
    messages = " ".join(str(reason.message) for reason in missing)
    message = _("%(person)s cannot supervise on %(day)s. %(messages)s") % {
        "person": who.name,
        "day": formats.day(facts.on),
        "messages": messages,
    }
    return [Reason("supervisor-not-qualified", message, field="supervisor")]
