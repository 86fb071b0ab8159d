"""Second factors: who has one, who must have one, and how their secrets are encrypted."""

import base64
import datetime as dt
import hashlib
import io
import secrets

import qrcode
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qrcode.image.svg import SvgPathFillImage

from clinic.models import Role, User
from clinic.web.address import address_of

# Recovery codes replace a lost factor and are none of their own.
PASSKEY = Authenticator.Type.WEBAUTHN
FACTOR_KINDS = (Authenticator.Type.TOTP, PASSKEY)
# The roles that can open every record or every account.
ROLES_THAT_NEED_A_FACTOR = (Role.LEAD, Role.ADMIN)
# What a typed code can be of. A passkey has none.
CODE_KINDS = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
# Limits of ACCOUNT_RATE_LIMITS, by kind: at one address and, where it can be guessed, everywhere.
GUESSES = {
    Authenticator.Type.TOTP: ("factor_guess", "factor_guess_anywhere"),
    Authenticator.Type.RECOVERY_CODES: ("recovery_guess",),
}


def has_factor_of(*kinds) -> Exists:
    """An annotation of users, so that a request needs no query of its own."""
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=kinds))


def has_factor(user) -> bool:
    """Reads the annotation of the sign-in backend, else runs a query."""
    annotated = getattr(user, "has_factor", None)
    return (
        annotated
        if annotated is not None
        else Authenticator.objects.filter(user=user, type__in=FACTOR_KINDS).exists()
    )


def staff(*, on: dt.date) -> list[User]:
    """Everybody who may sign in that day, with roles, place and whether they have a factor."""
    people = User.objects.with_roles(on=on).select_related("location__jurisdiction").filter(is_active=True)
    people = people.annotate(has_factor=has_factor_of(*FACTOR_KINDS))
    return list(people.order_by("last_name", "first_name", "pk"))


def is_missing(user) -> bool:
    """Whether this person must have a second factor here and has none."""
    is_required = settings.REQUIRE_MFA and any(
        getattr(user, f"has_{role.value}", False) for role in ROLES_THAT_NEED_A_FACTOR
    )
    return is_required and not has_factor(user)


def factor_of(user, code: str) -> Authenticator | None:
    """The app or the recovery codes, whichever `code` is meant for by its length."""
    owned = {row.type: row for row in Authenticator.objects.filter(user=user, type__in=CODE_KINDS)}
    is_long = len(normalize_user_code(code)) >= app_settings.RECOVERY_CODE_DIGITS
    first, other = reversed(CODE_KINDS) if is_long else CODE_KINDS
    return owned.get(first) or owned.get(other)


def may_guess(request, factor: Authenticator) -> bool:
    """Counts a try at a code. Wrong codes of the app do not count against the recovery codes."""
    return all(ratelimit.consume(request, action=action, key=key) for action, key in _counts(request, factor))


def forgive_guesses(request, factor: Authenticator) -> None:
    for action, key in _counts(request, factor):
        ratelimit.clear(request, action=action, key=key)


def _counts(request, factor: Authenticator) -> list[tuple[str, str]]:
    """Each limit with its key. A factor that is set up anew begins with no wrong code."""
    keys = (f"{factor.pk}:{address_of(request)}", f"{factor.pk}")
    return list(zip(GUESSES[factor.type], keys, strict=False))


class FactorAdapter(DefaultMFAAdapter):
    """The allauth adapter for second factors."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "That code is not right. Type the code that is shown now; each works once."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes come with a passkey or an app. Set one up first."
        ),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret that cannot be decrypted is replaced by a random one, which no code matches."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def generate_authenticator_name(self, user, type) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1}

    def get_totp_label(self, user) -> str:
        return user.username

    def build_totp_svg(self, url: str) -> str:
        """Dark on white whatever the page's colours, so that a camera reads it."""
        buffer = io.BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(buffer)
        return buffer.getvalue().decode()

    def get_totp_issuer(self) -> str:
        return "Filiform"


def _cipher() -> MultiFernet:
    """Secrets are encrypted with the server's key: a stolen copy of the database cannot use them."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_fernet_key(key)) for key in keys])


def _fernet_key(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"clinic.factors:" + key.encode()).digest())
