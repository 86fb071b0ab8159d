"""The signed lock: why a session cannot be written any more, or not by this person."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import formats
from clinic.values.words import Text

EVERYONE = gettext_lazy("everyone")
OTHERS = gettext_lazy("everyone but its author and supervisor")


@dataclass(frozen=True)
class SignedLock:
    """`binds` is who cannot write, `sentence` why and what is still possible. No code: not locked."""

    code: str = ""
    binds: Text = ""
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
        title = _("Signed %(time)s") % {"time": formats.near_moment(session.signed_at, today=today)}
        return _closed("signed", title, signer or session.signed_by.display_name, "ok")
    if session.voided_at:
        title = _("Voided %(time)s") % {"time": formats.near_moment(session.voided_at, today=today)}
        return _closed("voided", title, session.voided_by.display_name, "neutral")
    if session.closed_unsigned_at:
        title = _("Closed unsigned %(time)s") % {
            "time": formats.near_moment(session.closed_unsigned_at, today=today)
        }
        return _closed("closed", title, session.closed_unsigned_by.display_name, "caution")
    if user.pk in (session.therapist_id, session.supervisor_id):
        return UNLOCKED
    return SignedLock(
        code="draft-of-other",
        binds=OTHERS,
        title=_("Draft, not signed"),
        sentence=_("%(therapist)s writes this draft. You can read it.")
        % {"therapist": session.therapist.display_name},
        icon="draft",
        kind="draft",
    )


SENTENCES = {
    "signed": gettext_lazy("%(who)s signed this note. Nobody can change it; an addendum can be added."),
    "voided": gettext_lazy(
        "%(who)s voided this draft. Nobody can change it, and it does not count as a treatment."
    ),
    "closed": gettext_lazy(
        "%(who)s closed this draft without a signature. Nobody can change it; an addendum can be added."
    ),
}


def _closed(code: str, title: str, who: str, kind: str) -> SignedLock:
    return SignedLock(code, EVERYONE, title, SENTENCES[code] % {"who": who}, kind=kind)
