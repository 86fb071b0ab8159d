"""The audit: recording events, filing gaps and verifying the chain."""

from clinic.audit.recording import (
    SENTENCES,
    Entry,
    RequestFacts,
    chain,
    difference,
    file_gaps,
    first_broken_link,
    look,
    record,
    record_many,
    register,
    request_facts,
    sentence,
)

__all__ = [
    "Entry",
    "RequestFacts",
    "SENTENCES",
    "chain",
    "difference",
    "file_gaps",
    "first_broken_link",
    "look",
    "record",
    "record_many",
    "register",
    "request_facts",
    "sentence",
]
