"""Short references that can be read aloud: no 0/O, no 1/I/L, and a check character at the end."""

import secrets
from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 letters, a prime, so one check character catches slips
# How many rows make it as likely as not that two references are equal: 1.18 * sqrt(31 ** (length - 1)).
# 7 characters: 887 million references, 35,000 rows. They stay short, because a patient is asked for aloud.
# 8 characters: 27 billion, 195,000 rows. 10 characters: 26 million million, 6 million rows.
# `clinic.models.references` replaces a reference that is taken, so that a collision costs two statements.
PATIENT_LENGTH = 7
RECORD_LENGTH = 10
# references of records made before 10 characters were needed; they stay valid
EARLIER_RECORD_LENGTH = 8
LENGTHS = (PATIENT_LENGTH, EARLIER_RECORD_LENGTH, RECORD_LENGTH)


def mint(length: int, *, below: Callable[[int], int] = secrets.randbelow) -> str:
    """A new reference of `length` characters, the last of which checks the others."""
    body = "".join(ALPHABET[below(len(ALPHABET))] for _ in range(length - 1))
    return body + check_character(body)


def check_character(body: str) -> str:
    """Weighted sum modulo 31: catches every single wrong letter and every swap of two."""
    total = sum(weight * ALPHABET.index(letter) for weight, letter in enumerate(body, start=2))
    return ALPHABET[total % len(ALPHABET)]


def normalise(text: str) -> str:
    """What was typed, without spaces, dashes and hashes, in capitals."""
    return "".join(letter for letter in text.upper() if letter not in " -#\t")


def looks_like(text: str) -> bool:
    """Whether `text` has the form of a reference, right check character or not."""
    ref = normalise(text)
    # digits alone are more likely a phone number; `is_valid` knows the few references without a letter
    is_mixed = any(letter.isdigit() for letter in ref) and any(letter.isalpha() for letter in ref)
    return is_mixed and len(ref) in LENGTHS and set(ref) <= set(ALPHABET)


def is_valid(text: str) -> bool:
    ref = normalise(text)
    if len(ref) not in LENGTHS or not set(ref) <= set(ALPHABET):
        return False
    return check_character(ref[:-1]) == ref[-1]


def patient_ref() -> str:
    return mint(PATIENT_LENGTH)


def record_ref() -> str:
    return mint(RECORD_LENGTH)


class ReferenceConverter:
    """The `<ref:…>` of URL patterns. A wrong check character is a page not found, not another record."""

    regex = f"[{ALPHABET}{ALPHABET.lower()}]{{{PATIENT_LENGTH},{RECORD_LENGTH}}}"

    def to_python(self, value: str) -> str:
        ref = normalise(value)
        if not is_valid(ref):
            raise ValueError("wrong check character")
        return ref

    def to_url(self, value: str) -> str:
        return value
