"""The practice and the five people who work in it, with their sign-ins."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from clinic.actions import accounts
from clinic.models import Credential, Jurisdiction, Location, Practice, Role, RoleGrant, Room, User
from clinic.signin.passwords import DEMO_PASSWORD
from demo.setup.context import Staff
from patients.models import Condition, ConditionName

# Set without being judged: nobody may choose it themselves.
PASSWORD = DEMO_PASSWORD
NAME = "Exampleton Physical Therapy (demo)"
PHONE = "(555) 555-0100"
# Its check digit is right, and it is nobody's: the example in the rules for it.
NPI = "1234567893"
ROOMS = ("1", "2", "3")
# Longer than the longest history in a large demo.
LICENSED_FOR = dt.timedelta(days=5000)
ENDS_SOON, ENDS_LATER = dt.timedelta(days=41), dt.timedelta(days=400)


@dataclass(frozen=True)
class StaffMember:
    username: str
    role: Role
    first_name: str
    last_name: str
    profession: str = ""
    letters: str = ""
    licence: str = ""

    @property
    def role_label(self) -> str:
        return self.role.label.lower()


STAFF = (
    StaffMember("reception", Role.FRONT_DESK, "Robin", "Samplehale"),
    StaffMember(
        "therapist", Role.THERAPIST, "Maria", "Mocklund", User.Profession.PT, "PT, DPT", "DEMO-20417"
    ),
    StaffMember("therapist2", Role.THERAPIST, "Jo", "Testerberg", User.Profession.PT, "PT", "DEMO-20958"),
    StaffMember("lead", Role.LEAD, "Hana", "Modeloduya", User.Profession.PT, "PT, PhD", "DEMO-10233"),
    StaffMember("admin", Role.ADMIN, "Sam", "Specimenkey"),
)


def set_up(password: str, *, now: dt.datetime) -> Staff:
    """Practice, location and staff. All five share one password hash: hashing is slow on purpose."""
    practice = _practice()
    location = _location()
    hashed = make_password(password)
    users = {member.username: _user(member, hashed, location, now) for member in STAFF}
    _grant_roles(users, now=now)
    _add_credentials(users, practice.jurisdiction, now=now)
    _add_own_name(users["lead"], now=now)
    return _staff(users, practice, location)


def standing() -> Staff:
    """What `set_up` made here before."""
    users = {
        user.username: user for user in User.objects.filter(username__in=[one.username for one in STAFF])
    }
    practice = Practice.objects.select_related("jurisdiction").get(pk=1)
    return _staff(users, practice, Location.objects.order_by("pk").first())


def _practice() -> Practice:
    practice = Practice.objects.get(pk=1)
    practice.name, practice.phone, practice.npi = NAME, PHONE, NPI
    practice.jurisdiction = Jurisdiction.objects.get(code="general")
    practice.save(update_fields=["name", "phone", "npi", "jurisdiction"])
    return practice


def _add_own_name(lead: User, *, now: dt.datetime) -> None:
    """What patients here call a condition of the list: a row of the practice's own among those that ship."""
    ConditionName.objects.create(
        condition=Condition.objects.get(code="neck-pain"),
        name="desk neck",
        source="as patients of the demo practice say it",
        own=True,
        approved_by=lead.display_name,
        approved_on=timezone.localdate(now),
    )


def _location() -> Location:
    location = Location.objects.order_by("pk").first()
    location.name, location.phone = "Exampleton", PHONE
    location.address = "1 Sample Street\nExampleton"
    location.save(update_fields=["name", "phone", "address"])
    for name in ROOMS:
        Room.objects.get_or_create(location=location, name=name)
    return location


def _user(member: StaffMember, hashed: str, location: Location, now: dt.datetime) -> User:
    return User.objects.create(
        username=member.username,
        password=hashed,
        first_name=member.first_name,
        last_name=member.last_name,
        email=f"{member.username}@example.invalid",
        profession=member.profession,
        display_credentials=member.letters,
        location=location,
        date_joined=now,
        is_staff=member.role == Role.ADMIN,
    )


def _grant_roles(users: dict[str, User], *, now: dt.datetime) -> None:
    """The administrator gives every role but their own, which nobody else is there to give."""
    admin = users["admin"]
    RoleGrant.objects.create(user=admin, role=Role.ADMIN, given_at=now, given_by=admin)
    for member in STAFF:
        if member.role != Role.ADMIN:
            accounts.give_role(RoleGrant(user=users[member.username], role=member.role), by=admin)


def _add_credentials(users: dict[str, User], jurisdiction: Jurisdiction, *, now: dt.datetime) -> None:
    """Maria's licence ends soon; Jo still counts supervised sessions."""
    today = timezone.localdate(now)
    common = {
        "issued_on": today - LICENSED_FOR,
        "recorded_at": now,
        "recorded_by": users["admin"],
        "jurisdiction": jurisdiction,
    }
    kinds, rows = Credential.Kind, []
    for member in STAFF:
        if member.licence:
            ends = today + (ENDS_SOON if member.username == "therapist" else ENDS_LATER)
            licence = {"kind": kinds.LICENCE, "number": member.licence, "expires_on": ends}
            course = {"kind": kinds.COURSE, "number": f"{member.licence}-DN", "hours": 54}
            rows += [Credential(user=users[member.username], **common, **own) for own in (licence, course)]
    supervised = {"kind": kinds.SUPERVISED, "sessions": 138}
    rows.append(Credential(user=users["therapist2"], **common, **supervised))
    Credential.objects.bulk_create(rows)


def _staff(users: dict[str, User], practice: Practice, location: Location) -> Staff:
    return Staff(
        reception=users["reception"],
        therapists=(users["therapist"], users["therapist2"]),
        practice=practice,
        jurisdiction=practice.jurisdiction,
        location=location,
        rooms=tuple(location.rooms.filter(name__in=ROOMS).order_by("name")),
    )
