"""The audit: recording events, filing gaps and verifying the chain."""

from clinic.audit.recording import (
    RequestFacts,
    chain,
    file_gaps,
    look,
    record,
    record_many,
    request_facts,
)
from clinic.audit.wording import SENTENCES, Entry, difference, register, sentence

__all__ = [
    "Entry",
    "RequestFacts",
    "SENTENCES",
    "chain",
    "difference",
    "file_gaps",
    "look",
    "record",
    "record_many",
    "register",
    "request_facts",
    "sentence",
]
