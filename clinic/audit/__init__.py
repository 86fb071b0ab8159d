"""The audit: recording events, filing gaps and verifying the chain."""

from clinic.audit.recording import (
    chained_columns,
    file_gaps,
    file_written,
    look,
    record,
    record_many,
    record_unchained,
    unchained_columns,
    written_rows,
)
from clinic.audit.wording import SENTENCES, AuditEntry, difference, register, sentence
from clinic.values.requests import RequestFacts, request_facts

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
    "record_unchained",
    "register",
    "request_facts",
    "sentence",
    "unchained_columns",
    "written_rows",
]
