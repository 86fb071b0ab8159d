"""What a practice has of all that it needs before its first session."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from clinic.models import Jurisdiction, Location, Practice
from clinic.rules.mail import MailServer, MailTest
from clinic.rules.upkeep import Upkeep
from clinic.values.errors import STOP, Reason
from patients.models import ConsentText
from treatments.rules.qualification import Practitioner
from treatments.rules.session import opening

# events that say that something of the set-up was done
HOURS_SAVED, NEEDLES_SAVED = "practice.hours_saved", "practice.needles_saved"


@dataclass(frozen=True)
class Place:
    """A place with the rules that hold there, whether they let anybody needle, and its rooms."""

    location: Location
    rules: Jurisdiction
    state_rule: opening.StateRule
    rooms: tuple[str, ...] = ()

    @property
    def barred(self) -> list[Reason]:
        """Why no session is opened here, in the words that opening one is refused with."""
        return [reason for reason in opening.state_reasons(self.state_rule) if reason.level == STOP]


@dataclass(frozen=True)
class Therapist:
    """`missing` is what opening a session alone is refused with."""

    person: Practitioner
    missing: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class SetUpFacts:
    practice: Practice
    places: list[Place]
    therapists: list[Therapist]
    has_lead: bool
    consent_text: ConsentText | None
    # muscles over the lung without a limit that the practice approved
    limits_missing: int
    # {code of an event of the set-up: when it was last recorded}
    done_at: Mapping[str, dt.datetime]


@dataclass(frozen=True)
class Server:
    """What the environment says, which no row knows."""

    mail: MailServer
    mail_test: MailTest | None
    backup_folder: str
    has_backup_key: bool
    upkeep: Upkeep
    # who is mailed when a run fails; "" where nobody is
    failures_to: str
    needs_factors: bool
    # names of those whose role needs a second factor that they have not
    without_factor: tuple[str, ...] = ()
