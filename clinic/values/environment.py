"""Single settings of the environment; what is no good is refused with a sentence."""

from email.utils import parseaddr

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from environ import Env


def key(env: Env, name: str) -> str:
    """A secret of at least 32 characters, or a sentence that says how to get one."""
    value = env.str(name, default="")
    if len(value) < 32:
        raise ImproperlyConfigured(
            f"{name} must be set to at least 32 random characters. "
            "Run `python -m clinic.mint` to write one into .env, or set it in the environment."
        )
    return value


def key_or_none(env: Env, name: str) -> str:
    """A secret as `key` wants it, or "" where none is set."""
    return key(env, name) if env.str(name, default="") else ""


def no_proxy(depth: int) -> int:
    """A proxy in front would let other machines in, whatever address is listened on."""
    if depth:
        raise ImproperlyConfigured(
            "LOCAL_ONLY serves this machine alone, and PROXY_DEPTH says that a proxy stands in front. Take "
            "one of the two out of the environment or .env."
        )
    return depth


def count(env: Env, name: str) -> int:
    value = env.str(name, default="0").strip()
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} is “{value}”. Write a whole number, such as 0 or 1.")
    return int(value)


def mail(env: Env, name: str) -> dict:
    """Django's settings of the mail server. Without one nothing is handed to anybody."""
    try:
        found = Env.email_url_config(env.str(name, default="").strip() or "dummymail://")
        # a path is the end of a password that began with a slash
        if ".smtp." in found["EMAIL_BACKEND"] and (found["EMAIL_FILE_PATH"] or not found["EMAIL_HOST"]):
            raise ValueError("no host, or more behind it")
        return found
    except (ImproperlyConfigured, ValueError):
        # without its value, which may hold a password
        raise ImproperlyConfigured(
            f"{name} cannot be read. Write it like smtp+tls://user:password@mail.example:587 (a character "
            "such as @ or / in the password as %40 or %2F), or leave it out where no mail is to go out."
        ) from None


def address(env: Env, name: str) -> str:
    """An address, alone or behind a name; empty where none is set."""
    value = env.str(name, default="").strip()
    try:
        if value:
            validate_email(parseaddr(value)[1])
    except ValidationError:
        raise ImproperlyConfigured(
            f"{name} is “{value}”. Write an address, such as desk@practice.example."
        ) from None
    return value
