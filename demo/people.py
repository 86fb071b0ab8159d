"""Who could never be a patient of anybody: made-up names, 555 numbers, addresses of no mail server."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from patients.models import Patient

# Every family name says that it is one of an example.
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
class Person:
    family_name: str
    given_name: str
    sex: str
    born: dt.date
    phone: str
    email: str
    address: str
    city: str
    postal_code: str


def person(dice: Random, *, today: dt.date, age: int | None = None) -> Person:
    sex = dice.choice((Patient.Sex.FEMALE, Patient.Sex.MALE))
    given = dice.choice(FEMALE if sex == Patient.Sex.FEMALE else MALE)
    family = dice.choice(FIRST_HALF) + dice.choice(SECOND_HALF)
    years = age if age is not None else dice.triangular(19, 84, 46)
    return Person(
        family_name=family,
        given_name=given,
        sex=sex,
        # half a year in, so that nobody changes age between the draw and the day it is shown
        born=today - dt.timedelta(days=int(years * 365.25) + 182 if age else int(years * 365.25)),
        phone=f"({dice.randint(201, 989)}) 555-01{dice.randint(0, 99):02d}",
        email=f"{given}.{family}@example.invalid".lower(),
        address=f"{dice.randint(1, 999)} {dice.choice(STREETS)} Street",
        city=dice.choice(CITIES),
        postal_code=f"{dice.randint(1, 999):05d}",
    )
