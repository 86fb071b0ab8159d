"""Which request is being answered, for the audit, the log and the error page."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestFacts:
    """What an event and a line of the log name of the request that they came from."""

    request_id: str = ""
    address: str = ""


NO_REQUEST = RequestFacts()
request_facts: ContextVar[RequestFacts] = ContextVar("request_facts", default=NO_REQUEST)


def spoken_number() -> str:
    """The first digits of the request's id, as somebody reads them over the telephone: "4f2a 91c0"."""
    number = request_facts.get().request_id
    return f"{number[:4]} {number[4:8]}" if number else ""
