"""Fixtures for all tests: the staff accounts, the patient Ada, her draft and the test practice."""

import contextlib
import gc
import logging
import os
import shutil

import hypothesis
import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.test import Client
from django.utils import timezone

from clinic.locks import triggers
from clinic.models import Role
from tests import (
    database_copies,
    database_roles,
    drills,
    engines,
    factories,
    migrated_copies,
    wavering,
    world,
)
from tests.loopback import only_loopback  # noqa: F401  (closes the network for every test)

# The developer's own databases, read before the suite replaces them.
OWN = {alias: str(database["NAME"]) for alias, database in settings.DATABASES.items()}

# A busy machine is slow, which says nothing of the code. Where CI is set, Hypothesis has this profile itself.
if not os.environ.get("CI"):
    hypothesis.settings.register_profile(
        "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("unhurried")


@receiver(connection_created)
def keep_out_of_the_developers_database(connection, **_):
    """Without a django_db mark pytest-django creates no test database, and a fixture would use this one."""
    if str(connection.settings_dict["NAME"]) == OWN.get(connection.alias):
        connection.close()
        raise RuntimeError(
            "This test would write into your own database. Mark its file with "
            "pytestmark = pytest.mark.django_db: without a mark the suite makes none of its own."
        )


def pytest_collection_modifyitems(config, items):
    if drills.IS_FULL:
        for item in items:
            item.add_marker(pytest.mark.timeout(0))
    if connection.vendor == "postgresql":
        said = [item for item in items if not engines.differs_by_engine(item)]
        config.hook.pytest_deselected(items=said)
        items[:] = [item for item in items if engines.differs_by_engine(item)]
        return
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="means something on PostgreSQL only"))


def pytest_collection_finish():
    """Excludes loaded modules from garbage collection, which took a twelfth of the run time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_terminal_summary(terminalreporter):
    wavering.print_failures(terminalreporter)


def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == pytest.ExitCode.OK and reporter and wavering.are_too_many(reporter.stats):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def in_memory():
    """What a test database on SQLite is: of a backend that is not Django's own it would be a file."""
    for database in settings.DATABASES.values():
        if "sqlite" in database["ENGINE"]:
            database.setdefault("TEST", {})["NAME"] = ":memory:"


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(in_memory, django_db_modify_db_settings_xdist_suffix):
    """Each worker has a database of its own."""


@pytest.fixture(scope="session")
def migrating_once():
    """Closed as soon as the test databases stand: a test that migrates really migrates."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(migrated_copies.migrated_once())
        yield stack


@pytest.fixture(scope="session")
def django_db_setup(migrating_once, django_db_setup, django_db_blocker):
    """The test databases as Django creates them, restored after each test that commits."""
    migrating_once.close()
    with contextlib.ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(database_copies.restored_after_commits())
        yield
        with django_db_blocker.unblock():
            stack.close()


@pytest.fixture(autouse=True)
def no_look_waits_for_the_next_test():
    """Removes audit gaps of the test, which would otherwise be filed in the next test."""
    yield
    shutil.rmtree(settings.AUDIT_GAPS, ignore_errors=True)


@pytest.fixture
def unlocked(db):
    """Drops the lock triggers, as somebody with a database shell could, and reinstalls them at the end."""
    triggers.drop(connection)
    yield
    triggers.install(connection)


@pytest.fixture
def requests_as_serving_role(db):
    """On PostgreSQL the requests of the test run as the role of docs/deploy/; rows are made by the owner."""
    if connection.vendor != "postgresql":
        yield
        return
    role = database_roles.name_of("serve")
    database_roles.run(*database_roles.serving_statements(role))
    with database_roles.requests_as(role):
        yield


@pytest.fixture
def noon():
    """Sets the clock to noon, so that a test about hours of one day passes at any time. Request it first.

    To the second: begun late in a minute, what a test says of its minute would be of the next one.
    """
    with time_machine.travel(timezone.now().replace(hour=18, minute=0, second=0, microsecond=0), tick=True):
        yield


@pytest.fixture
def reception(db):
    return factories.user("reception", Role.FRONT_DESK, first_name="Robin", last_name="Hale")


@pytest.fixture
def therapist(db):
    return factories.user(
        "therapist",
        Role.THERAPIST,
        first_name="Maria",
        last_name="Lund",
        profession="pt",
        display_credentials="PT",
    )


@pytest.fixture
def other_therapist(db):
    return factories.user(
        "therapist2",
        Role.THERAPIST,
        first_name="Jo",
        last_name="Berg",
        profession="pt",
        display_credentials="PT",
    )


@pytest.fixture
def lead(db):
    return factories.user("lead", Role.LEAD, first_name="Hana", last_name="Oduya")


@pytest.fixture
def admin(db):
    return factories.user("admin", Role.ADMIN, first_name="Sam", last_name="Key")


@pytest.fixture
def ada(reception):
    """A patient registered by reception."""
    return factories.patient(reception, family_name="Examplewood", given_name="Ada")


@pytest.fixture
def signed_in():
    """signed_in(user) -> a test client that is signed in as that user."""

    def client_for(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_for


@pytest.fixture
def draft(ada, therapist):
    """Ada's open session of today, with one condition and no site yet."""
    session = factories.session(ada, therapist)
    factories.session_condition(session)
    return session


@pytest.fixture(scope="module")
def practice(django_db_setup, django_db_blocker):
    """A practice with a record in every state, shared by the tests of a module."""
    logging.disable(logging.CRITICAL)  # hundreds of refusals, none of them news
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.build()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
