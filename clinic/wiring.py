"""Wiring of the ground floor: catalogues, the rows of a new database, audit events of sign-ins."""

import logging
from pathlib import Path

from allauth.account import signals as allauth_signals
from allauth.mfa import signals as factor_signals
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth import signals as auth_signals
from django.contrib.auth import update_session_auth_hash
from django.core import checks
from django.core.management import call_command, get_commands
from django.core.signals import request_finished, request_started
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.urls import register_converter
from django.utils import translation

from clinic import audit, catalogues
from clinic.actions import accounts, code_sets
from clinic.audit import coverage, row_check, rows, verification
from clinic.django_internals import commits, debug_pages, kept_plans, startup, writes
from clinic.locks import check, moves, surroundings, triggers
from clinic.models import AuditEvent, CodeSet, Jurisdiction, Location, Practice, Room, User
from clinic.signin import factors, last_proof, lifetime, lockout
from clinic.values import references

log = logging.getLogger(__name__)

CATALOGUES = Path(__file__).parent / "catalogues"


def wire(app):
    startup.report()
    debug_pages.install()
    lockout.let_sign_ins_queue()
    # in the place of Django's, whose account would open nothing: its app stands before this one
    get_commands()["createsuperuser"] = "clinic"
    register_converter(references.ReferenceConverter, "ref")
    catalogues.register(
        [
            catalogues.Catalogue(CATALOGUES / "body_regions.csv", "clinic.BodyRegion"),
            catalogues.Catalogue(CATALOGUES / "jurisdictions.csv", "clinic.Jurisdiction"),
        ]
    )
    verification.CHECKS.update(
        chain=verification.CHAIN_CHECK,
        locks=check.CHECK,
        surroundings=surroundings.CHECK,
        rows=row_check.CHECK,
    )
    checks.register(not_moved, checks.Tags.database)
    writes.watch(rows.noted_columns)
    connection_created.connect(watch_connection, dispatch_uid="clinic.watch")
    request_started.connect(request_begun, dispatch_uid="clinic.language")
    request_finished.connect(request_ended, dispatch_uid="clinic.written")
    pre_migrate.connect(unlock_for_migrating, sender=app, dispatch_uid="clinic.unlock")
    post_migrate.connect(after_migrate, sender=app, dispatch_uid="clinic.setup")
    post_migrate.connect(cover_rows, dispatch_uid="clinic.cover")
    auth_signals.user_logged_in.connect(signed_in, dispatch_uid="clinic.signed_in")
    auth_signals.user_logged_out.connect(signed_out, dispatch_uid="clinic.signed_out")
    auth_signals.user_login_failed.connect(sign_in_failed, dispatch_uid="clinic.sign_in_failed")
    allauth_signals.authentication_step_completed.connect(
        step_completed, dispatch_uid="clinic.step_completed"
    )
    allauth_signals.password_changed.connect(password_changed, dispatch_uid="clinic.password_changed")
    user_locked_out.connect(locked_out, dispatch_uid="clinic.locked_out")
    factor_signals.authenticator_added.connect(factor_added, dispatch_uid="clinic.factor_added")
    factor_signals.authenticator_removed.connect(factor_removed, dispatch_uid="clinic.factor_removed")
    factor_signals.authenticator_reset.connect(codes_made, dispatch_uid="clinic.codes_made")
    factor_signals.authenticator_used.connect(factor_used, dispatch_uid="clinic.factor_used")
    factor_signals.authentication_failed.connect(factor_failed, dispatch_uid="clinic.factor_failed")


def not_moved(app_configs, databases=None, **kwargs) -> list[checks.Error]:
    """`check --database`, `serve` and `migrate` refuse a database that a move left half, or behind."""
    reason = moves.reason(connection) if "default" in (databases or ()) else ""
    return [checks.Error(reason, id="clinic.E001")] if reason else []


def unlock_for_migrating(sender, using, plan=(), **kwargs):
    """SQLite rebuilds a table to change it, and fails while a trigger names it. PostgreSQL keeps them."""
    # the trail may be laid otherwise before the update, and will be after one that goes back
    is_update = plan and not any(backwards for _, backwards in plan)
    if is_update and catalogues.has_all_columns(AuditEvent):
        coverage.begin()
    writes.hold(True)
    if connections[using].vendor == "sqlite":
        triggers.drop(connections[using])


def after_migrate(sender, verbosity=1, **kwargs):
    """Create catalogues, the practice row, one location and the triggers once the tables exist."""
    writes.forget(connection, _can_be_read)
    writes.hold(False)
    catalogues.sync("clinic")
    if all(catalogues.has_all_columns(model) for model in (Practice, Jurisdiction, Location, Room)):
        _create_first_rows()
    if catalogues.has_all_columns(CodeSet):
        code_sets.publish_shipped(CATALOGUES / "code_sets.csv")
    triggers.install(connection)


def _can_be_read(table: str) -> bool:
    """After migrating back some tables lack columns, and some are gone. Going forth covers them anew."""
    model = rows.covered_models().get(table)
    return model is None or catalogues.has_all_columns(model)


def cover_rows(sender, **kwargs):
    """After each app, since each adds first rows of its own."""
    if catalogues.has_all_columns(AuditEvent):
        existing = {
            table for table, model in rows.covered_models().items() if catalogues.has_all_columns(model)
        }
        coverage.cover(existing)


def watch_connection(sender, connection, **kwargs):
    commits.attach(connection)
    kept_plans.attach(connection)
    writes.attach(connection, record_what_no_act_wrote)


def request_begun(sender, **kwargs):
    """A practice has one language. Django finds one that is active three times as fast as its default."""
    translation.activate(settings.LANGUAGE_CODE)


def request_ended(sender, **kwargs):
    """What a request wrote outside a transaction and after its last event; a failure keeps it waiting."""
    if connection.in_atomic_block:
        return
    try:
        record_what_no_act_wrote()
    except DatabaseError:
        log.exception("rows wait to be covered")


def record_what_no_act_wrote() -> None:
    """While tables are still being made there is nowhere to record it."""
    if writes.is_waiting(connection) and catalogues.has_all_columns(AuditEvent):
        audit.file_written()


def _create_first_rows() -> None:
    call_command("createcachetable", verbosity=0)
    with transaction.atomic():
        general = Jurisdiction.objects.filter(code="general").first()
        Practice.objects.get_or_create(pk=1, defaults={"jurisdiction": general})
        if not Location.objects.exists():
            Room.objects.create(location=Location.objects.create(code="main", name="Main"), name="1")


def signed_in(sender, request, user, **kwargs):
    lifetime.begin(request.session)
    audit.look("user.signed_in", user, by=user)


def step_completed(sender, request, user, method, reauthenticated=False, type=None, **kwargs):
    """A password or passkey that is asked for again is proof for a signature; the code of an app is not."""
    if reauthenticated and (method == "password" or type == factors.PASSKEY):
        last_proof.note(request.session, user)


def signed_out(sender, request, user, **kwargs):
    if user is not None:
        audit.look("user.signed_out", user, by=user)


def sign_in_failed(sender, credentials, **kwargs):
    """The typed name is not recorded: people type passwords into that field."""
    audit.look("user.sign_in_failed", _user_of(credentials), by=None)


def locked_out(sender, request, **kwargs):
    """Recorded once for the attempt that locked, not for later ones."""
    if getattr(request, "axes_failures_since_start", None) == settings.AXES_FAILURE_LIMIT:
        audit.look("user.locked_out", _user_of(request.axes_credentials), by=None)


def _user_of(credentials: dict) -> User | None:
    return User.objects.filter(username__iexact=credentials.get("username", "")).first()


def password_changed(sender, request, user, **kwargs):
    last_proof.note(request.session, user)
    accounts.end_one_time_password(user)


def factor_added(sender, user, authenticator, **kwargs):
    audit.look("user.factor_added", user, by=user, reason=authenticator.type)


def factor_removed(sender, request, user, authenticator, **kwargs):
    """Other sign-ins end when a factor is removed; this one stays.

    Recovery codes that are removed with the last factor need no event of their own.
    """
    if authenticator.type == authenticator.Type.RECOVERY_CODES:
        return
    with transaction.atomic():
        accounts.end_sign_ins(user)
        audit.record("user.factor_removed", user, by=user, reason=authenticator.type)
    update_session_auth_hash(request, user)


def codes_made(sender, user, **kwargs):
    audit.look("user.recovery_codes_made", user, by=user)


def factor_used(sender, user, authenticator, **kwargs):
    if authenticator.type == authenticator.Type.RECOVERY_CODES:
        audit.look("user.recovery_code_used", user, by=user)


def factor_failed(sender, user, **kwargs):
    audit.look("user.factor_failed", user, by=None)
