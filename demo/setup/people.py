"""Fictional people: made-up names, 555 numbers, and addresses that no mail server has."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from patients.models import Patient

# Each first half says that the name is made up.
FIRST_HALF = (
    "Example", "Sample", "Tester", "Mock", "Demo", "Pretend", "Fiction", "Specimen", "Dummy", "Model",
    "Proto", "Trial", "Draft", "Sketch", "Mimic", "Invent", "Makebe", "Imagin", "Placehold", "Standin",
)  # fmt: skip
SECOND_HALF = (
    "wood", "son", "feld", "ham", "ski", "ova", "dale", "berg", "stone", "well", "more", "worth", "by",
    "ley", "ton", "gate", "bridge", "brook", "hurst", "mann", "sen", "ster", "quist", "strand", "vik",
    "moor", "shaw", "croft", "low", "ridge",
)  # fmt: skip
FEMALE = (
    "Ada", "Agnes", "Amara", "Anika", "Beatriz", "Bella", "Carla", "Chidinma", "Clara", "Daria",
    "Edith", "Elena", "Emi", "Fatima", "Freya", "Greta", "Hana", "Ida", "Ines", "Ingrid", "Jana",
    "Joan", "Kavita", "Leila", "Lena", "Lucia", "Mabel", "Mei", "Mina", "Nadia", "Nora", "Olga",
    "Paula", "Priya", "Rosa", "Ruth", "Salma", "Sofia", "Thea", "Yara",
)  # fmt: skip
MALE = (
    "Abel", "Amir", "Anton",
    "Arjun", "Ben", "Bruno", "Carlos", "Chidi", "Cyril", "Dario", "Edgar", "Emil", "Farid", "Felix",
    "Georg", "Hugo", "Ivan", "Jamal", "Jonas", "Kenji", "Kofi", "Leo", "Liam", "Luis", "Malik", "Marek",
    "Mateo", "Nils", "Omar", "Oscar", "Otto", "Per", "Rafael", "Ravi", "Samir", "Sven", "Tomas",
    "Viktor", "Wei", "Yusuf",
)  # fmt: skip
STREETS = ("Sample", "Specimen", "Example", "Placeholder", "Pretend")
CITIES = ("Exampleton", "Sampleville", "Testfield", "Mockford")


@dataclass(frozen=True)
class FictionalPerson:
    family_name: str
    given_name: str
    sex: str
    born: dt.date
    phone: str
    email: str
    address: str
    city: str
    postal_code: str


def random_person(random_source: Random, *, today: dt.date, age: int | None = None) -> FictionalPerson:
    sex = random_source.choice((Patient.Sex.FEMALE, Patient.Sex.MALE))
    given = random_source.choice(FEMALE if sex == Patient.Sex.FEMALE else MALE)
    family = random_source.choice(FIRST_HALF) + random_source.choice(SECOND_HALF)
    years = age if age is not None else random_source.triangular(19, 84, 46)
    # half a year more, so that a given age is still the same on the day it is shown
    days_old = int(years * 365.25) + (182 if age else 0)
    return FictionalPerson(
        family_name=family,
        given_name=given,
        sex=sex,
        born=today - dt.timedelta(days=days_old),
        phone=random_phone(random_source),
        email=f"{given}.{family}@example.invalid".lower(),
        address=f"{random_source.randint(1, 999)} {random_source.choice(STREETS)} Street",
        city=random_source.choice(CITIES),
        postal_code=f"{random_source.randint(1, 999):05d}",
    )


def random_phone(random_source: Random) -> str:
    """555-0100 to 555-0199 are kept for fiction, in every area."""
    return f"({random_source.randint(201, 989)}) 555-01{random_source.randint(0, 99):02d}"
