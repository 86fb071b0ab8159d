"""Single settings of the environment; what is no good is refused with a sentence."""

from django.core.exceptions import ImproperlyConfigured
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
