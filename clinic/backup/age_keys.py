"""How an age identity is written: AGE-SECRET-KEY-1 and 32 bytes in Bech32 (BIP 173).

Standard library only: `clinic.mint` runs before anything else can.
"""

from collections.abc import Iterable, Iterator

PREFIX = "age-secret-key-"
BYTES = 32
ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
CHECKSUM = 6


def identity(secret: bytes) -> str:
    """The identity of 32 secret bytes, as `age-keygen` writes it."""
    if len(secret) != BYTES:
        raise ValueError(f"An age identity has {BYTES} bytes.")
    digits = list(_fives(secret))
    named = [*(ord(c) >> 5 for c in PREFIX), 0, *(ord(c) & 31 for c in PREFIX)]
    check = _polymod([*named, *digits, *[0] * CHECKSUM]) ^ 1
    digits += [check >> 5 * (CHECKSUM - 1 - place) & 31 for place in range(CHECKSUM)]
    return f"{PREFIX}1{''.join(ALPHABET[digit] for digit in digits)}".upper()


def _fives(data: bytes) -> Iterator[int]:
    """The bits in groups of five, zeros at the end."""
    groups = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << groups * 5 - len(data) * 8
    return (number >> 5 * (groups - 1 - place) & 31 for place in range(groups))


def _polymod(digits: Iterable[int]) -> int:
    check = 1
    for digit in digits:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ digit
        for place, generator in enumerate(GENERATORS):
            check ^= generator * (top >> place & 1)
    return check
