"""The log of a walk over all pages holds references and codes, no names, dates or tokens."""

import logging
import re

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from clinic import audit
from clinic.actions import first_start
from clinic.models import User
from clinic.web.logs import LogFormatter
from tests import factories, form_submissions, world
from tests.injection import CASES, MARK
from treatments.rules.record import panels

pytestmark = [pytest.mark.django_db, pytest.mark.drill]
# Names in the test practice, none of which may be logged.
NAMES = [
    "Draftwood", "Signwood", "Addwood", "Errorwood", "Lockwood", "Walkwood", "Openwood", "Writewood",
    "Plainly", "1985-07-09", "7/9/1985", "555-0100", "Forgot", "Depth", "Wrong patient", "In pain", "Sore",
    "Same in a week", "Thick chest wall", factories.PASSWORD, "Given1", "Family1",
]  # fmt: skip
SORENESS = "/reports/soreness/"


@pytest.fixture
def log():
    """Every log record as production formats it."""
    lines = []

    class Kept(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    shown = settings.LOGGING["formatters"]["line"]
    handler, root = Kept(), logging.getLogger()
    handler.setFormatter(LogFormatter(shown["format"], style=shown["style"]))
    disabled, level = root.manager.disable, root.level
    logging.disable(logging.NOTSET)
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)
    logging.disable(disabled)


def tokens(practice) -> list[str]:
    """Session keys and form keys of the clients."""
    return [
        cookie.value
        for client in practice.clients.values()
        for cookie in client.cookies.values()
        if cookie.value
    ]


def lines_with_names(lines: list[str], names: list[str]) -> list[str]:
    """Lines with a name anywhere in them; the address of one report has "Sore" in its own."""
    read = [(line, line.replace(SORENESS, "").casefold()) for line in lines]
    return [line for line, text in read for name in names if name.casefold() in text]


def test_a_walk_leaves_references_and_codes(practice, log):
    """Read, posted and refused pages. SQL is logged at DEBUG, which production does not use."""
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    for posted in form_submissions.submissions(practice):
        world.client_of(practice, posted.role).post(posted.path, posted.data)
    for role in ("author", "nobody"):
        for _, address, state in world.requests_of(practice, (role,)):
            path = address.path(practice.values(address, state))
            world.client_of(practice, role).get(path)
            world.client_of(practice, role).post(path, {"reason": "Draftwood", "form_key": "x"})

    assert len(log) > 200
    assert lines_with_names(log, [*NAMES, *tokens(practice)]) == []
    assert any(practice.states["draft"]["sessions"]["ref"] in line for line in log)


def test_the_token_of_a_first_link_is_in_no_line(db, log):
    # what the other tests share has one
    User.objects.update(is_active=False)
    token = first_start.begin(first_name="Dana", last_name="Modelrivera", username="dana")
    password = "a long walk by the lake"
    typed = {"password1": password, "password2": password}
    for path in (reverse("first-start", args=[token]), f"/first/{token}/more/"):
        Client().get(path)
        Client().post(path, typed)
    Client().get(reverse("first-start", args=[token]))

    assert log, "a link that is over is a line"
    assert [line for line in log if token in line or password in line] == []


@pytest.fixture
def own_gaps(settings, tmp_path):
    settings.AUDIT_GAPS = str(tmp_path / "gaps")


@pytest.mark.parametrize("case", CASES)
def test_no_line_is_forged_and_no_case_is_repeated(db, log, case):
    text = CASES[case]

    Client().get(f"/nowhere/{text}/")
    Client().get(f"/patients/{text}/screenings/{text}/")
    Client().post(reverse("account_login"), {"login": text, "password": text, "next": text})
    Client().get("/", headers={"User-Agent": text, "Referer": text})

    assert log
    assert lines_with_names(log, [MARK]) == []


def test_what_is_written_with_a_line_break_stays_one_line(log):
    logging.getLogger("clinic").warning("was told %s", "x\n2026-01-01 INFO forged\r\x1b[31m\u2028x")

    (line,) = log
    assert "was told x" in line
    assert not re.search(r"[\n\r\x1b\u2028]", line)


@pytest.mark.parametrize("path", ["/patients/Examplewood/", "/patients/Examplewood/screenings/Ada/", "/Ada/"])
def test_a_name_that_somebody_types_as_an_address_is_left_out(log, signed_in, reception, ada, path):
    client = signed_in(reception)

    assert client.get(path).status_code in (403, 404)
    assert client.get(f"/patients/{ada.ref}/screenings/intake/").status_code == 403

    assert lines_with_names(log, ["Examplewood", "/Ada", "intake"]) == []
    assert any(ada.ref in line for line in log)


def test_a_fault_is_logged_without_the_patient(log, signed_in, reception, ada, monkeypatch):
    """Names in local variables, in the form and in the error message."""

    def fail(patient, facts, **kwargs):
        raise ValueError(f"cannot show {patient.listed_name}, born {patient.born}")

    monkeypatch.setattr(panels, "side_panels", fail)
    client = signed_in(reception)
    client.raise_request_exception = False

    response = client.get(f"{ada.get_absolute_url()}?q=Examplewood")

    assert response.status_code == 500
    assert "Examplewood" not in response.content.decode()
    written = "\n".join(log)
    assert "builtins.ValueError" in written
    assert ada.ref in written
    assert lines_with_names([written], ["Examplewood", "1985-07-09", client.cookies["sessionid"].value]) == []


def test_a_look_that_could_not_be_written_is_named_by_its_reference(log, reception, ada, own_gaps):
    def broken(execute, sql, params, many, context):
        if "clinic_auditevent" in sql:
            raise DatabaseError(f"row {ada.listed_name} is refused")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(broken):
        audit.look("patient.opened", ada, by=reception, patient=ada)

    assert any(f"patient.opened {ada.ref}" in line for line in log)
    assert lines_with_names(log, ["row Examplewood", "Ada Examplewood"]) == []
