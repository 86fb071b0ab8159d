"""The cast: reception, two therapists, a lead, an administrator, and Ada."""

import contextlib
import gc
import logging
import shutil

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
from tests import database_copies, factories, world
from tests.loopback import only_loopback  # noqa: F401  (closes the network for every test)

# The developer's own databases, before the suite puts its own in their place.
OWN = {alias: str(database["NAME"]) for alias, database in settings.DATABASES.items()}


@receiver(connection_created)
def keep_out_of_the_developers_database(connection, **_):
    """A fixture that unblocks the database in a file without a django_db mark is given no test database."""
    if str(connection.settings_dict["NAME"]) == OWN.get(connection.alias):
        connection.close()
        raise RuntimeError(
            "This test would write into your own database. Mark its file with "
            "pytestmark = pytest.mark.django_db: without a mark the suite makes none of its own."
        )


def pytest_collection_modifyitems(items):
    if connection.vendor != "postgresql":
        for item in items:
            if item.get_closest_marker("postgres"):
                item.add_marker(pytest.mark.skip(reason="means something on PostgreSQL only"))


def pytest_collection_finish():
    """What is loaded by now stays; looking through all of it for garbage took a twelfth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The databases as Django makes them, which are put back as they are made."""
    with contextlib.ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(database_copies.restored_after_commits())
        yield


@pytest.fixture(autouse=True, scope="session")
def locks_step_aside_for_the_flush():
    """Emptying the tables between tests is all that the locks let pass; migrating puts them back."""
    operations = type(connection.ops)
    plain = operations.execute_sql_flush

    def unlocked(self, statements):
        triggers.drop(self.connection)
        return plain(self, statements)

    operations.execute_sql_flush = unlocked
    yield
    operations.execute_sql_flush = plain


@pytest.fixture(autouse=True)
def no_look_waits_for_the_next_test():
    """One that a busy database refused would be filed into the next test's record."""
    yield
    shutil.rmtree(settings.AUDIT_GAPS, ignore_errors=True)


@pytest.fixture
def unlocked(db):
    """What somebody with a database shell would do first; the test's end puts the locks back."""
    triggers.drop(connection)
    yield
    triggers.install(connection)


@pytest.fixture
def noon():
    """The middle of today: a test of hours of one day passes at any hour. Ask for it first."""
    with time_machine.travel(timezone.now().replace(hour=18, minute=0), tick=True):
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
    """signed_in(user) -> a client in that user's session."""

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
    """One practice with a record in every state, for a module that walks over all pages."""
    logging.disable(logging.CRITICAL)  # hundreds of refusals, none of them news
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.build()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
