"""The seal check: whether a signed note still agrees with its seal, its rows and the audit trail."""

from collections.abc import Iterator

from treatments.models import Seal
from treatments.rules.signing import seal


def faults_of(
    sealed: Seal | None,
    *,
    is_signed: bool,
    audited: str | None,
    now: dict,
    cosigned: str | None,
    is_cosigners: bool = True,
) -> Iterator[tuple[str, str]]:
    """What is not as it was signed, as (kind, description).

    `audited` is the digest that the audit event of the signature has: empty where it has none, None where
    there is no such event. `now` are the locked columns as they stand, `cosigned` the digest that a
    supervisor co-signed; `is_cosigners`: by the supervisor, or by who was named in their place.
    """
    if sealed is None:
        yield "missing", "is signed and its seal is missing"
        return
    if not is_signed:
        yield "inserted", "has a seal and is not signed"
    if audited is None:
        yield "inserted", "is sealed, and the audit knows of no signature"
    elif audited and audited != sealed.digest:
        yield "replaced", "has another seal than the audit was told of"
    if seal.digest(sealed.text) != sealed.digest:
        yield "altered", "has a seal whose text was altered"
        return
    differences = seal.check(sealed.text, sealed.digest, now).differences
    if differences:
        yield "drifted", f"differs from its seal: {', '.join(where for where, _, _ in differences)}"
    yield from _of_cosignature(sealed, cosigned, is_cosigners=is_cosigners)


def _of_cosignature(sealed: Seal, cosigned: str | None, *, is_cosigners: bool) -> Iterator[tuple[str, str]]:
    if cosigned is not None and cosigned != sealed.digest:
        yield "replaced", "was co-signed over another text"
    if not is_cosigners:
        yield "inserted", "was co-signed by somebody who was not to co-sign it"
