"""Whether a signed note still says what was signed: its seal, its rows, and the audit's word for it."""

from collections.abc import Iterator

from treatments.models import Seal
from treatments.rules.signing import seal


def faults_of(
    sealed: Seal | None, *, is_signed: bool, told: str | None, now: dict, cosigned: str | None
) -> Iterator[tuple[str, str]]:
    """What is not as it was signed, as (kind, words).

    `told` is the digest that the audit was told at the signature: empty where it was told none, None where
    it knows of no signature. `now` are the locked columns as they stand, `cosigned` the digest that a
    supervisor co-signed.
    """
    if sealed is None:
        yield "missing", "is signed and its seal is missing"
        return
    if not is_signed:
        yield "inserted", "has a seal and is not signed"
    if told is None:
        yield "inserted", "is sealed, and the audit knows of no signature"
    elif told and told != sealed.digest:
        yield "replaced", "has another seal than the audit was told of"
    if seal.digest(sealed.text) != sealed.digest:
        yield "altered", "has a seal whose text was altered"
        return
    differences = seal.check(sealed.text, sealed.digest, now).differences
    if differences:
        yield "drifted", f"differs from its seal: {', '.join(where for where, _, _ in differences)}"
    if cosigned is not None and cosigned != sealed.digest:
        yield "replaced", "was co-signed over another text"
