"""Short references that can be read aloud: no 0/O, no 1/I/L, and a check character at the end."""

import secrets
from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 letters, a prime, so one check character catches slips
PATIENT_LENGTH = 7
RECORD_LENGTH = 8


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
    has_digit = any(letter.isdigit() for letter in ref)
    return has_digit and len(ref) in (PATIENT_LENGTH, RECORD_LENGTH) and set(ref) <= set(ALPHABET)


def is_valid(text: str) -> bool:
    ref = normalise(text)
    if len(ref) not in (PATIENT_LENGTH, RECORD_LENGTH) or not set(ref) <= set(ALPHABET):
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
