"""Audit entries: the code, the sentence that people read, and what changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy

from clinic.values.words import Text

# Code -> sentence. Higher floors add their own.
SENTENCES: dict[str, Text] = {
    "access.refused": gettext_lazy("was refused"),
    "audit.key_rotated": gettext_lazy("began to use another audit key"),
    "code_set.loaded": gettext_lazy("loaded a set of diagnosis codes"),
    "user.signed_in": gettext_lazy("signed in"),
    "user.signed_out": gettext_lazy("signed out"),
    "user.sign_in_failed": gettext_lazy("failed to sign in"),
    "user.password_changed": gettext_lazy("changed their password"),
    "user.one_time_password": gettext_lazy("gave a one-time password"),
    "user.one_time_password_used": gettext_lazy("used a one-time password"),
    "user.closed": gettext_lazy("closed the account of somebody who left"),
    "user.role_given": gettext_lazy("gave a role"),
    "user.first_administrator": gettext_lazy("was made the first administrator at the machine"),
    "user.first_link_renewed": gettext_lazy("got a new first link at the machine"),
    "user.first_link_used": gettext_lazy("chose a password by the first link"),
    "user.locked_out": gettext_lazy("was locked out after too many wrong passwords"),
    "user.factor_added": gettext_lazy("added a passkey or an authenticator app"),
    "user.factor_removed": gettext_lazy("removed a passkey or an authenticator app"),
    "user.factors_reset": gettext_lazy("reset two-step verification"),
    "user.factor_failed": gettext_lazy("failed two-step verification"),
    "user.recovery_codes_made": gettext_lazy("made new recovery codes"),
    "user.recovery_codes_seen": gettext_lazy("looked at their recovery codes"),
    "user.unlocked": gettext_lazy("unlocked the page"),
    "user.recovery_code_used": gettext_lazy("used a recovery code"),
    "credential.reminded": gettext_lazy("was reminded of an expiring credential"),
    "mail.tested": gettext_lazy("sent a test mail, or tried to"),
    "practice.hours_saved": gettext_lazy("looked at hours and closed days, and saved them"),
    "practice.needles_saved": gettext_lazy("looked at the needles in stock, and saved them"),
    "counsel.recorded": gettext_lazy("recorded what counsel says of a state that bars needling"),
    "counsel.withdrawn": gettext_lazy("withdrew what counsel said of a state"),
    "consent_text.published": gettext_lazy("published a consent text"),
    "consent_text.retired": gettext_lazy("retired a consent text"),
    "backup.made": gettext_lazy("made a backup"),
    "backup.drilled": gettext_lazy("tried a backup, which is as it was written"),
    "backup.drill_failed": gettext_lazy("tried a backup, which is not as it was written"),
    "backup.opened": gettext_lazy("took a readable copy out of a backup"),
    "record.checked": gettext_lazy("checked the record, which is as it was written"),
    "record.check_failed": gettext_lazy("checked the record, which is not as it was written"),
    "upkeep.failed": gettext_lazy("failed to do what runs by itself"),
    "record.covered": gettext_lazy("took down rows that Filiform itself had written"),
    "record.updating": gettext_lazy("began an update of Filiform"),
    "record.updated": gettext_lazy("finished an update of Filiform"),
    "record.migrated": gettext_lazy("changed locked records in an update of Filiform"),
    "record.moved": gettext_lazy("moved the practice to another database"),
    "record.stayed": gettext_lazy("kept the practice in this database after a move"),
    "list.exported": gettext_lazy("downloaded a list"),
    "admin.searched": gettext_lazy("searched in the administration"),
    "admin.looked": gettext_lazy("opened in the administration"),
    "admin.changed": gettext_lazy("changed in the administration"),
    "rules.copied": gettext_lazy("copied state rules for the practice"),
    "rules.approved": gettext_lazy("approved the practice's own state rules"),
    "rules.unapproved": gettext_lazy("changed the practice's own state rules, which ended their approval"),
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


def register(sentences: Mapping[str, Text]) -> None:
    """Add codes with the sentence that people read."""
    SENTENCES.update(sentences)


def sentence(code: str) -> str:
    return str(SENTENCES[code])


def difference(before: dict, after: dict) -> dict:
    """{field: [before, after]} for the fields whose value changed, ready for `changes`."""
    return {name: [before.get(name), after[name]] for name in after if before.get(name) != after[name]}
