"""The audit: recording events, filing gaps and verifying the chain."""

from clinic.audit.recording import (
    RequestFacts,
    chained_columns,
    file_gaps,
    file_written,
    look,
    record,
    record_many,
    request_facts,
    unchained_columns,
)
from clinic.audit.wording import SENTENCES, AuditEntry, difference, register, sentence

__all__ = [
    "AuditEntry",
    "RequestFacts",
    "SENTENCES",
    "chained_columns",
    "difference",
    "file_gaps",
    "file_written",
    "look",
    "record",
    "record_many",
    "register",
    "request_facts",
    "sentence",
    "unchained_columns",
]
