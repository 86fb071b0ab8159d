"""The signed lock: why a session cannot be written any more, or not by this person."""

import datetime as dt
from dataclasses import dataclass

from clinic import formats

EVERYONE = "everyone"
OTHERS = "everyone but its author and supervisor"


@dataclass(frozen=True)
class SignedLock:
    """`binds` is who cannot write, `sentence` why and what is still possible. No code: not locked."""

    code: str = ""
    binds: str = ""
    title: str = ""
    sentence: str = ""
    icon: str = "lock"
    kind: str = "neutral"

    def __bool__(self) -> bool:
        return bool(self.code)


UNLOCKED = SignedLock()


def lock_of(session, *, user, today: dt.date, signer: str = "") -> SignedLock:
    """The lock on `session` as `user` meets it. Needs the therapist, and who signed, voided or closed it.

    `signer` is the name that the seal has, where a signed note is read.
    """
    if session.signed_at:
        title = f"Signed {formats.near_moment(session.signed_at, today=today)}"
        return _closed("signed", title, signer or session.signed_by.display_name, "ok")
    if session.voided_at:
        title = f"Voided {formats.near_moment(session.voided_at, today=today)}"
        return _closed("voided", title, session.voided_by.display_name, "neutral")
    if session.closed_unsigned_at:
        title = f"Closed unsigned {formats.near_moment(session.closed_unsigned_at, today=today)}"
        return _closed("closed", title, session.closed_unsigned_by.display_name, "caution")
    if user.pk in (session.therapist_id, session.supervisor_id):
        return UNLOCKED
    return SignedLock(
        code="draft-of-other",
        binds=OTHERS,
        title="Draft, not signed",
        sentence=f"{session.therapist.display_name} writes this draft. You can read it.",
        icon="draft",
        kind="draft",
    )


SENTENCES = {
    "signed": "{who} signed this note. Nobody can change it; an addendum can be added.",
    "voided": "{who} voided this draft. Nobody can change it, and it does not count as a treatment.",
    "closed": "{who} closed this draft without a signature. Nobody can change it; an addendum can be added.",
}


def _closed(code: str, title: str, who: str, kind: str) -> SignedLock:
    return SignedLock(code, EVERYONE, title, SENTENCES[code].format(who=who), kind=kind)
