"""A commit of which nobody knows whether it stands is answered as unsure, never as success."""

import contextlib

import psycopg2
import pytest
from django.db import DatabaseError, IntegrityError, InternalError, OperationalError, connection, transaction
from django.test import Client
from django.urls import path

from clinic.django_internals import commits
from clinic.models import Room
from clinic.urls import handler500  # noqa: F401  (the handler of this URLconf)

UNSURE = "Whether it was saved is not known yet"
# The commit brings what this does: a remark of the server's, the end of the connection, a refusal.
AT_COMMIT = {
    "warned": "RAISE WARNING 'canceling wait for synchronous replication'",
    "lost": "PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(1)",
    "refused": "RAISE EXCEPTION 'no' USING ERRCODE = 'integrity_constraint_violation'",
    "deadlock": "RAISE EXCEPTION 'no' USING ERRCODE = 'deadlock_detected'",
}


def is_unsure(request):
    raise commits.UnsureCommit("lost")


def is_unavailable(request):
    raise OperationalError("away")


def is_read_only(request):
    code = type("ReadOnly", (psycopg2.errors.ReadOnlySqlTransaction,), {"pgcode": "25006"})
    raise InternalError("read-only") from code("a standby")


for view in (is_unsure, is_unavailable, is_read_only):
    view.login_required = False

urlpatterns = [
    path("unsure/", is_unsure),
    path("unavailable/", is_unavailable),
    path("read-only/", is_read_only),
]


@contextlib.contextmanager
def at_commit(what: str):
    """Every room that is stored does this when its transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN {doubled(what)}; "
            "RETURN NULL; END'"
        )
        cursor.execute(
            "CREATE CONSTRAINT TRIGGER at_commit AFTER UPDATE ON clinic_room DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION at_commit()"
        )
    try:
        yield
    finally:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION at_commit() CASCADE")


def renamed(name: str) -> None:
    with transaction.atomic():
        Room.objects.update(name=name)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("what", "raised"),
    [
        ("warned", commits.UnsureCommit),
        ("lost", commits.UnsureCommit),
        ("refused", IntegrityError),
        ("deadlock", OperationalError),
    ],
)
def test_a_commit_succeeds_only_without_a_remark(what, raised):
    with at_commit(AT_COMMIT[what]), pytest.raises(DatabaseError) as refusal:
        renamed("Other")

    assert type(refusal.value) is raised


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_was_remarked_before_the_commit_says_nothing_of_it():
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DO 'BEGIN RAISE WARNING ''something else''; END'")
        Room.objects.update(name="Other")

    assert Room.objects.filter(name="Other").exists()


@pytest.mark.django_db
@pytest.mark.urls("tests.clinic.test_unsure_commits")
@pytest.mark.parametrize(
    ("where", "is_said"), [("unsure", True), ("unavailable", False), ("read-only", False)]
)
def test_the_page_says_that_it_may_have_been_saved(where, is_said):
    answer = Client(raise_request_exception=False).post(f"/{where}/", {"note": "typed"})
    page = answer.content.decode()

    assert answer.status_code == 503
    assert (UNSURE in page) == is_said
    assert "nothing you typed is lost" in page
    assert 'name="note" value="typed"' in page


def doubled(text: str) -> str:
    """Within a text of SQL."""
    return text.replace("'", "''")
