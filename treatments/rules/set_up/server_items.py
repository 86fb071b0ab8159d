"""What the server needs beside the practice's rows: mail, backups, second steps. None blocks a session."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from clinic import formats
from clinic.rules import mail, upkeep
from treatments.rules.set_up.facts import Server
from treatments.rules.set_up.item import Item


def items(server: Server, *, now: dt.datetime) -> list[Item]:
    return [_mail(server), _backup(server), _runs(server, now), _factors(server)]


def _mail(server: Server) -> Item:
    """Done once a test mail was taken by the server that is set now; a test of another says nothing of it."""
    test = server.mail_test
    if test is not None and test.server != server.mail.name:
        test = None
    is_done = not server.mail.lacks and test is not None and test.was_sent
    lines = _mail_lines(server.mail, test)
    return Item("mail", _("Mail"), is_done, lines, url=reverse("mail"), way_out=_("Test mail"))


def _mail_lines(place: mail.MailServer, test: mail.MailTest | None) -> tuple[str, ...]:
    if place.lacks:
        return (mail.reason(place.lacks), _("Sessions need no mail; reminders do."))
    if test is None:
        return (_("It goes out by %(server)s. Send a test mail to yourself.") % {"server": place.name},)
    if test.was_sent:
        return (_("%(server)s took the last test mail.") % {"server": place.name},)
    return (_("The last test mail was not sent."), mail.reason(test.result))


def _backup(server: Server) -> Item:
    """A backup that was made shows that the key and the place are there."""
    place = _("They go to %(folder)s.") % {"folder": server.backup_folder}
    if not server.has_backup_key:
        first = _(
            "There is no BACKUP_KEY, so that no backup can be made. `python -m clinic.mint` writes one."
        )
    elif server.upkeep.backup_at is None:
        first = _("No backup was made yet: run `python manage.py backup`, then every night.")
    else:
        first = _("The last backup was made %(at)s.") % {"at": formats.moment(server.upkeep.backup_at)}
    lines = (first, place, _("Keep the keys in .env on paper, apart from the backups."))
    is_done = server.has_backup_key and server.upkeep.backup_at is not None
    return Item("backup", _("Backup key and place"), is_done, lines, url=_help(), way_out=_("How to"))


def _runs(server: Server, now: dt.datetime) -> Item:
    """What runs by itself is done while each ran lately and well, as the lead's board says it too."""
    owed = (*upkeep.faults(server.upkeep, now=now), *upkeep.missing(server.upkeep))
    lines = owed or (_("Backup, check and trial of a backup ran when they were due."),)
    if server.failures_to:
        told = _("When a run fails, %(address)s is mailed.") % {"address": server.failures_to}
    else:
        told = _("Nobody is mailed when a run fails: name an address in FAILURES_TO.")
    name, way_out = _("What runs by itself"), _("How to")
    return Item("runs", name, not owed, (*lines, told), url=_help(), way_out=way_out)


def _factors(server: Server) -> Item:
    """Whoever needs one is led to it before anything else; somebody who has not signed in yet has none."""
    if not server.needs_factors:
        line = _("REQUIRE_MFA is off: leads and administrators sign in with a password alone.")
    elif server.without_factor:
        line = _("Asked of them at their next sign-in: %(names)s.") % {
            "names": ", ".join(server.without_factor)
        }
    else:
        line = _("Every lead and administrator has set it up.")
    is_done = server.needs_factors and not server.without_factor
    return Item(
        "factors",
        _("Two-step verification"),
        is_done,
        (line,),
        url=reverse("mfa_index"),
        way_out=_("Your own"),
    )


def _help() -> str:
    return reverse("help-page", args=["administrator"])
