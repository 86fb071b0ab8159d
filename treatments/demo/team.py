"""The practice and the five who work in it, with their sign-ins."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from clinic.models import Credential, Jurisdiction, Location, Practice, Role, RoleGrant, Room, User
from treatments.demo.scene import Team

PASSWORD = "needles-and-notes-2026"
NAME = "Exampleton Physical Therapy (demo)"
PHONE = "(555) 555-0100"
ROOMS = ("1", "2", "3")


@dataclass(frozen=True)
class Member:
    username: str
    role: Role
    first_name: str
    last_name: str
    profession: str = ""
    letters: str = ""
    licence: str = ""

    @property
    def says(self) -> str:
        return self.role.label.lower()


MEMBERS = (
    Member("reception", Role.FRONT_DESK, "Robin", "Samplehale"),
    Member("therapist", Role.THERAPIST, "Maria", "Mocklund", User.Profession.PT, "PT, DPT", "DEMO-20417"),
    Member("therapist2", Role.THERAPIST, "Jo", "Testerberg", User.Profession.PT, "PT", "DEMO-20958"),
    Member("lead", Role.LEAD, "Hana", "Modeloduya", User.Profession.PT, "PT, PhD", "DEMO-10233"),
    Member("admin", Role.ADMIN, "Sam", "Specimenkey"),
)


def hire(password: str, *, now: dt.datetime) -> Team:
    """Practice, place and people. One hash serves all five: a hash is slow on purpose."""
    practice = _practice()
    location = _location()
    hashed = make_password(password)
    people = {member.username: _person(member, hashed, location, now) for member in MEMBERS}
    _grant(people, now=now)
    _credit(people, practice.jurisdiction, now=now)
    return _team(people, practice, location)


def _practice() -> Practice:
    practice = Practice.objects.get(pk=1)
    practice.name, practice.phone = NAME, PHONE
    practice.jurisdiction = Jurisdiction.objects.get(code="general")
    practice.save(update_fields=["name", "phone", "jurisdiction"])
    return practice


def _location() -> Location:
    location = Location.objects.order_by("pk").first()
    location.name, location.phone = "Exampleton", PHONE
    location.address = "1 Sample Street\nExampleton"
    location.save(update_fields=["name", "phone", "address"])
    for name in ROOMS:
        Room.objects.get_or_create(location=location, name=name)
    return location


def _person(member: Member, hashed: str, location: Location, now: dt.datetime) -> User:
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


def _grant(people: dict[str, User], *, now: dt.datetime) -> None:
    RoleGrant.objects.bulk_create(
        RoleGrant(user=people[member.username], role=member.role, given_at=now, given_by=people["admin"])
        for member in MEMBERS
    )


def _credit(people: dict[str, User], jurisdiction: Jurisdiction, *, now: dt.datetime) -> None:
    today = timezone.localdate(now)
    common = {
        "issued_on": today - dt.timedelta(days=1200),
        "recorded_at": now,
        "recorded_by": people["admin"],
    }
    for member in MEMBERS:
        if member.licence:
            licence = {"number": member.licence, "expires_on": today + dt.timedelta(days=400)}
            Credential.objects.bulk_create(
                Credential(
                    user=people[member.username], jurisdiction=jurisdiction, kind=kind, **common, **own
                )
                for kind, own in ((Credential.Kind.LICENCE, licence), (Credential.Kind.COURSE, {"hours": 54}))
            )


def _team(people: dict[str, User], practice: Practice, location: Location) -> Team:
    return Team(
        reception=people["reception"],
        therapists=(people["therapist"], people["therapist2"]),
        lead=people["lead"],
        admin=people["admin"],
        practice=practice,
        jurisdiction=practice.jurisdiction,
        location=location,
        rooms=tuple(location.rooms.filter(name__in=ROOMS).order_by("name")),
    )
