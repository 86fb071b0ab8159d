"""What a column of another system's file holds, guessed by its name."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.values.errors import Reason
from clinic.values.words import Text
from patients.models import BroughtFile

LEFT_OUT = ""


@dataclass(frozen=True)
class Target:
    """Something that a column may hold. `names` are what files call it, in the form that `folded` gives."""

    name: str
    label: Text
    names: tuple[str, ...]


def _target(name: str, label: Text, names: str) -> Target:
    """`names`: what else files call it, folded, with spaces between."""
    return Target(name, label, (folded(name), *names.split()))


def folded(header: str) -> str:
    """A header without case, accents, spaces and signs: “Date of Birth” and “date_of_birth” are one."""
    plain = unicodedata.normalize("NFKD", header).casefold().replace("#", "number")
    return re.sub(r"[\W_]+", "", "".join(letter for letter in plain if not unicodedata.combining(letter)))


PATIENTS = (
    _target("name", gettext_lazy("Whole name"), "fullname patientname patient clientname client displayname"),
    _target(
        "family_name",
        gettext_lazy("Last name"),
        "lastname last surname family lname patientlastname clientlastname lastnameofpatient nachname",
    ),
    _target(
        "given_name",
        gettext_lazy("First name"),
        "firstname first given givennames forename fname patientfirstname clientfirstname vorname",
    ),
    _target(
        "preferred_name",
        gettext_lazy("Preferred name"),
        "preferred nickname nick goesby knownas alias preferredfirstname",
    ),
    _target(
        "born",
        gettext_lazy("Date of birth"),
        "dob birthdate dateofbirth birthday birth patientdob dateofbirthmmddyyyy",
    ),
    _target("sex", gettext_lazy("Sex"), "birthsex sexatbirth administrativesex patientsex legalsex"),
    _target("gender", gettext_lazy("Gender"), "genderidentity"),
    _target("pronouns", gettext_lazy("Pronouns"), "pronoun preferredpronouns"),
    _target("language", gettext_lazy("Language"), "preferredlanguage primarylanguage lang"),
    _target(
        "phone",
        gettext_lazy("Cell phone"),
        "cell cellphone mobile mobilephone phonenumber telephone tel primaryphone phone1 cellnumber "
        "mobilenumber phonenumbermobile contactnumber homephone",
    ),
    _target("email", gettext_lazy("Email"), "emailaddress mail emailid patientemail primaryemail email1"),
    _target(
        "address",
        gettext_lazy("Street"),
        "street address1 addressline1 streetaddress street1 mailingaddress homeaddress addressline",
    ),
    _target("city", gettext_lazy("City"), "town cityname homecity"),
    _target("state", gettext_lazy("State"), "province stateprovince region st homestate stateorprovince"),
    _target(
        "postal_code", gettext_lazy("ZIP code"), "zip zipcode postcode postal zippostalcode ziporpostalcode"
    ),
    _target(
        "external_id",
        gettext_lazy("Number in another system"),
        "id patientid clientid mrn chartnumber chartno chart accountnumber account acctno patientnumber "
        "medicalrecordnumber recordnumber externalid patientaccount",
    ),
    _target(
        "payer",
        gettext_lazy("Name of the payer"),
        "insurance insurer insurancecompany primaryinsurance carrier payername plan insuranceplan "
        "insurancename primarypayer",
    ),
    _target(
        "member_id",
        gettext_lazy("Member ID"),
        "memberid memberno membernumber policynumber policyno subscriberid insuranceid policy",
    ),
    _target("note", gettext_lazy("Note for the desk"), "notes comment comments remark remarks memo"),
    _target("may_call", gettext_lazy("May be called"), "callok okaytocall allowcalls"),
    _target("may_text", gettext_lazy("May be texted"), "smsok textok oktotext allowsms allowtexts smsoptin"),
    _target("may_email", gettext_lazy("May be emailed"), "emailok oktoemail allowemail emailoptin"),
    _target("may_leave_voicemail", gettext_lazy("A voicemail may be left"), "voicemailok oktoleavevoicemail"),
    _target(
        "apart_reason", gettext_lazy("How it is known that this is somebody else"), "apart notaduplicate"
    ),
)
BOOKINGS = (
    _target("external_id", gettext_lazy("Number in another system"), " ".join(PATIENTS[15].names)),
    _target("ref", gettext_lazy("Reference of the patient"), "reference patientref patientreference"),
    _target(
        "booked_for",
        gettext_lazy("Day and time"),
        "start starts startsat starttime datetime appointment appointmenttime appointmentdatetime when "
        "startdatetime dateandtime",
    ),
    _target("day", gettext_lazy("Day"), "date appointmentdate visitdate startdate"),
    _target("time", gettext_lazy("Time"), "clock timeofday"),
    _target("minutes", gettext_lazy("Minutes"), "duration length durationminutes durationmin lengthminutes"),
    _target(
        "therapist",
        gettext_lazy("Therapist"),
        "provider practitioner with clinician staff resource therapistname",
    ),
    _target("location", gettext_lazy("Location"), "place clinic site office facility branch"),
    _target("room", gettext_lazy("Room"), "roomname treatmentroom"),
    _target("kind", gettext_lazy("Kind of visit"), "type visittype appointmenttype reason service"),
    _target("desk_note", gettext_lazy("Note for the desk"), "note notes comment comments memo"),
)


TARGETS = {BroughtFile.Kind.PATIENTS.value: PATIENTS, BroughtFile.Kind.BOOKINGS.value: BOOKINGS}


def guess(head: Iterable[str], targets: Iterable[Target]) -> list[str]:
    """The target of each column, by place; each target once, and LEFT_OUT where the name says nothing."""
    names = [folded(header) for header in head]
    found = [LEFT_OUT] * len(names)
    for target in targets:
        # in the order of the names: what is called “Cell” before what is called “Home phone”
        places = [names.index(name) for name in target.names if name in names]
        free = [place for place in places if not found[place]]
        if free:
            found[free[0]] = target.name
    return found


def chosen(
    head: tuple[str, ...], guessed: list[str], changes: Mapping[str, str], targets: Iterable[Target]
) -> tuple[list[str], list[Reason]]:
    """The guess with what somebody said of columns, {header: target}, and what of that cannot be."""
    known = {target.name for target in targets}
    result, reasons = [*guessed], []
    for header, name in changes.items():
        places = [place for place, column in enumerate(head) if folded(column) == folded(header)]
        if not places:
            message = _("The file has no column “%(column)s”. It has: %(columns)s.")
            shown = {"column": header, "columns": ", ".join(head)}
            reasons.append(Reason("no-such-column", message % shown))
        elif name and name not in known:
            message = _("“%(name)s” is nothing that a column can hold. Choose one of: %(names)s.")
            reasons.append(
                Reason("no-such-target", message % {"name": name, "names": ", ".join(sorted(known))})
            )
        else:
            result = [LEFT_OUT if one == name else one for one in result]
            result[places[0]] = name
    return result, reasons


def reasons_of(kind: str, mapping: Iterable[str]) -> list[Reason]:
    """Why a file of this kind cannot be read by these columns."""
    return reasons_of_bookings(mapping) if kind == BroughtFile.Kind.BOOKINGS else reasons_of_patients(mapping)


def reasons_of_patients(mapping: Iterable[str]) -> list[Reason]:
    """What a file of patients must have: a name and a birth date, and no column twice."""
    names = [name for name in mapping if name]
    found = _twice(names, PATIENTS)
    if not {"name", "family_name", "given_name"} & {*names}:
        found.append(Reason("no-name", _("No column has the names. Choose the one with the last name.")))
    if "born" not in names:
        found.append(Reason("no-birth-date", _("No column has the dates of birth. Choose it.")))
    return found


def reasons_of_bookings(mapping: Iterable[str]) -> list[Reason]:
    names = [name for name in mapping if name]
    found = _twice(names, BOOKINGS)
    if not {"external_id", "ref"} & {*names}:
        message = _("No column says whose visit it is: the number in the other system, or the reference.")
        found.append(Reason("no-patient", message))
    if "booked_for" not in names and not {"day", "time"} <= {*names}:
        found.append(Reason("no-time", _("No column has the day and the time of the visits.")))
    return found


def _twice(names: list[str], targets: Iterable[Target]) -> list[Reason]:
    message = _("Two columns are “%(label)s”. Choose one of them.")
    return [
        Reason("column-twice", message % {"label": target.label})
        for target in targets
        if names.count(target.name) > 1
    ]


def named_cells(cells: tuple[str, ...], mapping: Iterable[str]) -> dict[str, str]:
    """{target: text} of a row; a row may end before its last columns."""
    return {name: cell.strip() for name, cell in zip(mapping, cells, strict=False) if name}
