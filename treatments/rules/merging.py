"""What may be merged, what keeps two records from it, and what is chosen of both."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.values.addresses import reverse
from clinic.values.errors import Reason
from patients.models import MergeJournal, Patient

SAY_WHY_ALL_THE_SAME = gettext_lazy("Say why they are one person all the same.")
SURVIVOR, LOSER = "survivor", "loser"
# The patient's own columns, each of which is one record's or the other's.
LABELS = {
    "family_name": gettext_lazy("Last name"),
    "given_name": gettext_lazy("First name"),
    "preferred_name": gettext_lazy("Preferred name"),
    "born": gettext_lazy("Date of birth"),
    "sex": gettext_lazy("Sex"),
    "gender": gettext_lazy("Gender"),
    "pronouns": gettext_lazy("Pronouns"),
    "language": gettext_lazy("Language"),
    "phone": gettext_lazy("Cell phone"),
    "email": gettext_lazy("Email"),
    "address": gettext_lazy("Address"),
    "city": gettext_lazy("City"),
    "state": gettext_lazy("State"),
    "postal_code": gettext_lazy("ZIP code"),
    "external_id": gettext_lazy("Number in another system"),
    "note": gettext_lazy("Note"),
    "may_call": gettext_lazy("May be called"),
    "may_text": gettext_lazy("May be sent texts"),
    "may_email": gettext_lazy("May be sent email"),
    "may_leave_voicemail": gettext_lazy("Voicemail may be left"),
    "deceased_on": gettext_lazy("Deceased"),
}
# What goes with a chosen column.
BESIDE = {"phone": ("phone_wrong_at", "phone_wrong_by_id")}
HOLD = ("legal_hold_at", "legal_hold_by_id")


@dataclass(frozen=True)
class RecordFacts:
    """What is under way in a record, and who may open it."""

    ref: str
    draft_refs: tuple[str, ...] = ()
    is_here: bool = False
    has_tablet: bool = False
    is_called: bool = False
    restricted: bool = False
    named: frozenset[int] = frozenset()
    account: int | None = None


@dataclass(frozen=True)
class LaterRow:
    """A row written after the merge that may go to either record: “allergy-12”."""

    value: str
    label: str
    at: dt.datetime


@dataclass(frozen=True)
class Apart:
    """What taking a merge back leaves to be decided, and what stays where it was written."""

    rows: list[LaterRow] = field(default_factory=list)
    # (label, count) of rows that cannot move
    staying: list[tuple[str, int]] = field(default_factory=list)
    # columns that somebody changed since
    changed: list[str] = field(default_factory=list)

    @property
    def changed_labels(self) -> list[str]:
        return [str(LABELS[name]) for name in self.changed]


def reasons(survivor: RecordFacts, loser: RecordFacts, *, by: int) -> list[Reason]:
    """Why these two are not merged now, all at once."""
    found = [reason for facts in (survivor, loser) for reason in _under_way(facts)]
    found += _restriction_reasons(survivor, loser)
    if survivor.account and loser.account and survivor.account != loser.account:
        message = _("Each of the two is the record of another account that works here.")
        found.append(Reason("other-account", message))
    return found + _own_reasons(survivor.account, loser.account, by=by)


def named_on_both(survivor: RecordFacts, loser: RecordFacts) -> frozenset[int] | None:
    """Who may open the two once they are one person's. None: they are restricted alike, or not at all."""
    if (survivor.restricted, survivor.named) == (loser.restricted, loser.named):
        return None
    if survivor.restricted and loser.restricted:
        return survivor.named & loser.named
    return survivor.named | loser.named


def _restriction_reasons(survivor: RecordFacts, loser: RecordFacts) -> list[Reason]:
    """The stricter holds for both, so somebody has to be left who may open them."""
    named = named_on_both(survivor, loser)
    if named is None:
        return []
    way = {
        "url": reverse("patients:restriction", args=[survivor.ref if survivor.restricted else loser.ref]),
        "way_out": _("Who may open it"),
    }
    if not named:
        message = _("Both are restricted, and nobody is named on both. Name somebody on both first.")
        return [Reason("restricted-otherwise", message, **way)]
    if named & {survivor.account, loser.account}:
        message = _("The patient's own account may open one of the two. Take it off the people named first.")
        return [Reason("own-account", message, **way)]
    return []


def restriction_note(survivor: RecordFacts, loser: RecordFacts) -> str:
    """What the preview says of who may open the record afterwards; blank where nothing changes."""
    if named_on_both(survivor, loser) is None:
        return ""
    if survivor.restricted and loser.restricted:
        return _("Both are restricted: only who is named on both may open the record afterwards.")
    closed = survivor if survivor.restricted else loser
    return _("%(ref)s is restricted: both are afterwards, to the people named on it.") % {"ref": closed.ref}


def apart_reasons(is_kept_apart: bool, reason: str) -> list[Reason]:
    """Somebody said that they are two people: a merge says why it comes all the same."""
    if not is_kept_apart or reason.strip():
        return []
    return [Reason("kept-apart", str(SAY_WHY_ALL_THE_SAME), field="apart_reason")]


def take_back_reasons(
    survivor: Patient, loser: Patient, *, later: MergeJournal | None, by: int
) -> list[Reason]:
    """`later` is a merge of the same person that came after and was not taken back."""
    found = _own_reasons(survivor.account_id, loser.account_id, by=by)
    if later is not None:
        message = _("Another record was merged later: %(ref)s. Take that back first.")
        found.append(Reason("merged-later", message % {"ref": later.loser.ref}))
    return found


def opened_note(of: MergeJournal) -> str:
    """Which of the two records is open to all staff again once the merge is taken back; blank for neither."""
    restriction = of.choices.get("restriction") or {"closed": [], "since": ""}
    closed = [one for one in (of.survivor, of.loser) if one.pk in restriction["closed"]]
    # restricted anew since, it stays so
    opened = [one.ref for one in closed if json_value(one.restricted_at) == restriction["since"]]
    return _("%(ref)s is open to all staff again.") % {"ref": opened[0]} if opened else ""


def _own_reasons(*accounts: int | None, by: int) -> list[Reason]:
    if by not in accounts:
        return []
    return [Reason("own-record", _("It is your own record. Another clinical lead does that."))]


def _under_way(facts: RecordFacts) -> list[Reason]:
    ref = {"ref": facts.ref}
    found = [
        Reason(
            "draft-open",
            _("A note of %(ref)s is still a draft. Sign or void it first; a lead may end it unsigned.") % ref,
            url=reverse("treatments:session", args=[draft]),
            way_out=_("Open the draft"),
        )
        for draft in facts.draft_refs
    ]
    if facts.is_here:
        found.append(Reason("patient-here", _("%(ref)s is checked in. Check the patient out first.") % ref))
    if facts.has_tablet:
        found.append(Reason("tablet-out", _("The tablet is handed to %(ref)s. Take it back first.") % ref))
    if facts.is_called:
        found.append(Reason("on-the-phone", _("Somebody is calling %(ref)s. Wait for the call.") % ref))
    return found


def differing(survivor: Patient, loser: Patient) -> list[str]:
    """The columns of which one has to be chosen."""
    return [name for name in LABELS if getattr(survivor, name) != getattr(loser, name)]


def likely_choice(name: str, survivor: Patient, loser: Patient) -> str:
    """The record that stands, unless it says nothing there; of permissions the one that says no."""
    value, other = getattr(survivor, name), getattr(loser, name)
    if isinstance(value, bool):
        return LOSER if value and not other else SURVIVOR
    says_nothing = not value or (name == "sex" and value == Patient.Sex.UNKNOWN)
    return LOSER if says_nothing and other else SURVIVOR


def shown_value(patient: Patient, name: str) -> str:
    value = getattr(patient, name)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.date):
        return formats.day(value)
    if name == "sex":
        return patient.get_sex_display()
    return value or _("nothing")


def taken_columns(choices: dict[str, str], loser: Patient) -> dict:
    """The columns that the standing record takes over, with what goes with them."""
    names = [name for name, side in choices.items() if side == LOSER]
    return {each: getattr(loser, each) for name in names for each in (name, *BESIDE.get(name, ()))}


def json_value(value):
    """A column's value in the journal; `Field.to_python` reads it again."""
    return value.isoformat() if isinstance(value, dt.date) else value


def stored_value(name: str, value):
    fields = {field.attname: field for field in Patient._meta.concrete_fields}
    return None if value is None else fields[name].to_python(value)
