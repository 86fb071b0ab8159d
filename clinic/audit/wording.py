"""Audit entries: the code, the sentence that people read, and what changed."""

from dataclasses import dataclass, field
from datetime import datetime

# Code -> sentence. Higher floors add their own.
SENTENCES: dict[str, str] = {
    "access.refused": "was refused",
    "audit.key_rotated": "began to use another audit key",
    "user.signed_in": "signed in",
    "user.signed_out": "signed out",
    "user.sign_in_failed": "failed to sign in",
    "user.password_changed": "changed their password",
    "user.one_time_password": "gave a one-time password",
    "user.one_time_password_used": "used a one-time password",
    "user.role_given": "gave a role",
    "user.locked_out": "was locked out after too many wrong passwords",
    "user.factor_added": "added a passkey or an authenticator app",
    "user.factor_removed": "removed a passkey or an authenticator app",
    "user.factors_reset": "reset two-step verification",
    "user.factor_failed": "failed two-step verification",
    "user.recovery_codes_made": "made new recovery codes",
    "user.recovery_codes_seen": "looked at their recovery codes",
    "user.unlocked": "unlocked the page",
    "user.recovery_code_used": "used a recovery code",
    "credential.reminded": "was reminded of an expiring credential",
    "consent_text.published": "published a consent text",
    "backup.made": "made a backup",
    "backup.drilled": "tried a backup, which is as it was written",
    "backup.drill_failed": "tried a backup, which is not as it was written",
    "backup.opened": "took a readable copy out of a backup",
    "record.covered": "took down rows that Filiform itself had written",
    "record.updating": "began an update of Filiform",
    "record.updated": "finished an update of Filiform",
    "record.migrated": "changed locked records in an update of Filiform",
    "admin.searched": "searched in the administration",
    "admin.looked": "opened in the administration",
    "admin.changed": "changed in the administration",
}


@dataclass(frozen=True)
class AuditEntry:
    """An event before it is recorded. `changes` is {field: [before, after]} in JSON values."""

    code: str
    about: object = None
    by: object = None
    patient: object = None
    changes: dict = field(default_factory=dict)
    reason: str = ""
    at: datetime | None = None


def register(sentences: dict[str, str]) -> None:
    """Add codes with the sentence that people read."""
    SENTENCES.update(sentences)


def sentence(code: str) -> str:
    return SENTENCES[code]


def difference(before: dict, after: dict) -> dict:
    """{field: [before, after]} for the fields whose value changed, ready for `changes`."""
    return {name: [before.get(name), after[name]] for name in after if before.get(name) != after[name]}
