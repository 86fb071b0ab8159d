"""Second factors: who has one, who must have one, and how their secrets are kept."""

import base64
import hashlib
import io
import secrets

import qrcode
from allauth.core import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.models import Exists, OuterRef
from qrcode.image.svg import SvgPathFillImage

from clinic.models import Role

# Recovery codes are a way back in and no factor of their own.
PASSKEY = Authenticator.Type.WEBAUTHN
FACTOR_KINDS = (Authenticator.Type.TOTP, PASSKEY)
# Whoever can open every record or every account.
ROLES_THAT_NEED_A_FACTOR = (Role.LEAD, Role.ADMIN)
GUESS_ACTION = "factor_guess"


def has_factor_of(*kinds) -> Exists:
    """For annotating users, so that a request learns it with who is asking."""
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=kinds))


def has_factor(user) -> bool:
    """Reads what the sign-in backend annotated, or asks."""
    known = getattr(user, "has_factor", None)
    return (
        known
        if known is not None
        else Authenticator.objects.filter(user=user, type__in=FACTOR_KINDS).exists()
    )


def is_missing(user) -> bool:
    """Whether this person must have a second factor here and has none."""
    must = settings.REQUIRE_MFA and any(
        getattr(user, f"has_{role.value}", False) for role in ROLES_THAT_NEED_A_FACTOR
    )
    return must and not has_factor(user)


def may_guess(request, user) -> bool:
    """Counts a try at a code; twenty a day are allowed, see ACCOUNT_RATE_LIMITS."""
    return ratelimit.consume(request, action=GUESS_ACTION, key=_guesses_of(user))


def forgive_guesses(user) -> None:
    ratelimit.clear(None, action=GUESS_ACTION, key=_guesses_of(user))


def _guesses_of(user) -> str:
    return f"factor:{user.pk}"


class FactorAdapter(DefaultMFAAdapter):
    """The library's decisions about second factors, as this practice takes them."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That did not fit. Type the code that is shown now; each works once.",
        "cannot_generate_recovery_codes": "Recovery codes belong to a second factor. Set one up first.",
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret that cannot be read opens nothing: a random one stands in for it."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def generate_authenticator_name(self, user, type) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"

    def get_totp_label(self, user) -> str:
        return user.username

    def build_totp_svg(self, url: str) -> str:
        """On white, whatever the page's colours: a camera wants dark on light."""
        picture = io.BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(picture)
        return picture.getvalue().decode()

    def get_totp_issuer(self) -> str:
        return "Filiform"


def _box() -> MultiFernet:
    """A stolen copy of the database must not hold the factors too: their secrets need the server's key."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_fernet_key(key)) for key in keys])


def _fernet_key(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"clinic.factors:" + key.encode()).digest())
