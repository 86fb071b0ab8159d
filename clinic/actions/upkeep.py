"""What a run that failed leaves: an event that pages and a monitor read, and a mail."""

import socket

from django.db import transaction
from django.utils.translation import gettext as _

from clinic import audit
from clinic.actions import mail


@transaction.atomic
def record_failure(unit: str) -> None:
    """`unit` is the name of what failed, such as filiform-backup."""
    audit.record("upkeep.failed", None, by=None, reason=unit)


def mail_failure(unit: str, *, to: str) -> None:
    """Raises NotSent. Knows no database: it may be what failed."""
    named = {"unit": unit, "machine": socket.gethostname()}
    body = _(
        "On %(machine)s a run of %(unit)s failed. There, `journalctl --unit %(unit)s` says why, and "
        "`systemctl start %(unit)s` runs it again. Set-up shows when it last went well."
    )
    mail.send(_("%(unit)s failed") % named, body % named, to=to)
