"""The database fails at each statement of each write: nothing is half saved, the page says so, again works.

The writes are found by walking all pages of the world and sending every form there is, filled in; what no
page offers filled in is taught (tests/taught.py). The clock stands still, so that two runs write the same.
"""

import copy
import datetime as dt
import itertools
import logging
import re
from collections import Counter

import pytest
import time_machine
from allauth.core.internal.ratelimit import CACHE_LOCK_TIMEOUT
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from django.utils import timezone

from bench.forms import Form
from clinic.models import AuditEvent
from clinic.models.base import CatalogueRow
from clinic.signin import lifetime
from tests import access_table, admin_submissions, drills, factories, form_submissions, world
from tests.form_client import post_forms
from tests.form_submissions import Submission
from tests.patient_rows import PatientRows, with_swapped_values
from treatments.models import Muscle

pytestmark = [pytest.mark.django_db, pytest.mark.drill]
STEP = 1 if drills.IS_FULL else 10
# Tables of the libraries in which a save may leave a row.
LIBRARY_TABLES = (Authenticator, LogEntry)
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
# Looks are events of their own: they stand whatever becomes of the write that follows.
LOOKS = (
    "access.refused", "audit.searched", "lot.searched", "patient.found", "user.signed_in", "user.signed_out",
)  # fmt: skip
READS = "reads: what it is sent chooses what is shown"
ONE_ROW = "the library's page; it writes one row, and its event is a look"
PROOF = "asks for a proof, which is kept in the sign-in alone"
# Addresses that take a POST and are not drilled, each with the reason.
NOT_DRILLED = {
    "account_here": PROOF,
    "account_inactive": READS,
    "account_login": "the door: last sign-in, the sign-in and its event each stand for themselves",
    "account_logout": "ends the sign-in; its event is a look",
    "account_passkey_question": READS,
    "account_reauthenticate": PROOF,
    "account_unlock": PROOF,
    "health": READS,
    "mfa_activate_totp": ONE_ROW,
    "mfa_add_webauthn": ONE_ROW,
    "mfa_authenticate": PROOF,
    "mfa_download_recovery_codes": READS,
    "mfa_edit_webauthn": ONE_ROW,
    "mfa_generate_recovery_codes": ONE_ROW,
    "mfa_index": READS,
    "mfa_list_webauthn": READS,
    "mfa_login_webauthn": PROOF,
    "mfa_reauthenticate": PROOF,
    "mfa_reauthenticate_webauthn": PROOF,
    "mfa_view_recovery_codes": READS,
    "patients:consent-print": READS,
    "patients:handover": READS,
    "patients:register-matches": READS,
    "treatments:audit-export": READS,
    "treatments:history": READS,
    "treatments:record": READS,
    "treatments:record-print": READS,
    "treatments:reports": READS,
    "treatments:today": READS,
    "treatments:trends": READS,
    "who-may-what": READS,
}
# The old password is none any more once it was changed; the library asks for a minute's patience where it
# could not put its count of tries back.
SIGNED_OUT_STATUSES = {"account_change_password": {401, 422, 429}}
# Where the library could not take its lock off the count of tries, nobody is let in for these seconds.
TRIES_LOCKED, LOCK_SECONDS = {"patients:handover-return"}, CACHE_LOCK_TIMEOUT + 1
# Done again it is done anew: a second password, for the first was never shown.
NOT_REPEATABLE = {
    "admin:clinic_user_changelist give_one_time_password",
    "admin:clinic_user_changelist reset_factors",
}
TYPED = {
    "password": factories.PASSWORD,
    "family_name": "Faultfinder",
    "given_name": "Fay",
    "born": "5/3/1984",
    "phone": "(555) 555-0142",
    "q": "Draftwood",
    "state": "IL",
    "onset": "March 2026",
    "muscle": "IS",
    "needle": "0.30x40",
    "client_id": "7f6a3c1e-5b0d-4c1f-9d1a-1b6f0f0a2c77",
}


def fillings(form: Form):
    """Ways to fill the form: empty fields too or not, with every box ticked, with the last of each list."""
    for full, ticked, last in itertools.product((True, False), (False, True), (False, True)):
        data = form.filled()
        for name, part in form.fields.items():
            if name == "password" or full and part.is_typed and not data.get(name, [""])[0]:
                data[name] = [typed(name, part.kind)]
            elif part.kind == "radio" and part.choices and not data.get(name):
                data[name] = [part.choices[-1 if last else 0]]
            elif part.kind == "checkbox" and ticked:
                data[name] = part.choices
            elif part.kind == "select" and not any(data.get(name, [])):
                data[name] = [choice for choice in part.choices if choice][-1 if last else 0 :][:1] or [""]
        for press in form.buttons[:1] or [None]:
            yield {**data, **({press[0]: [press[1]]} if press and press[0] else {})}


def typed(name: str, kind: str) -> str:
    today = timezone.localdate()
    for known, value in TYPED.items():
        if known == name.rsplit("-", 1)[-1]:
            return value
    if kind == "date" or name.endswith(("_on", "_until")):
        return f"{today.month}/{today.day}/{today.year}"
    return {"number": "1", "tel": "(555) 555-0199", "email": "fay@example.org"}.get(kind, "2")


def forms(practice):
    """(role, path, form, name of the address it leads to) of everything that a page offers to send."""
    for role, _, _, response in world.walk(practice, ("author", "lead")):
        if response.get("Content-Type", "").startswith("text/html"):
            for form in post_forms(response):
                path = form.action or response.request["PATH_INFO"]
                try:
                    match = resolve(path.split("?")[0])
                except Resolver404:
                    continue
                yield role, path, form, match.view_name


def send(client: Client, path: str, data: dict):
    cookies = copy.deepcopy(client.cookies)
    response = client.post(path, data)
    client.cookies = cookies
    return response


def rolled_back(act, *about):
    """What `act` gave, with its traces removed."""
    with transaction.atomic():
        answer = act(*about)
        transaction.set_rollback(True)
    return answer


def state() -> dict[str, dict]:
    """Every row of ours, but those that ship and nobody sets, and the looks."""
    found = {}
    with connection.cursor() as cursor:
        for model in watched():
            table = model._meta.db_table
            extra = WITHOUT_LOOKS if model is AuditEvent else ""
            cursor.execute(f'SELECT * FROM "{table}" {extra}')
            names = [column[0] for column in cursor.description]
            found[table] = {repr(row): dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
    return found


def contents(now: dict, before: dict) -> dict[tuple, Counter]:
    """What a save has put into each column, and how many rows it took out of each table."""
    found = {}
    for table, rows in now.items():
        new = [row for said, row in rows.items() if said not in before[table]]
        for column in new[0] if new else ():
            found[table, column] = Counter(repr(row[column]) for row in new)
        found[table, "gone"] = Counter(gone=len(before[table].keys() - rows.keys()))
    return found


def watched() -> list:
    ours = [model for floor in ("clinic", "patients", "treatments") for model in models_of(floor)]
    return [
        *(model for model in ours if model is Muscle or not issubclass(model, CatalogueRow)),
        *LIBRARY_TABLES,
    ]


def models_of(floor: str):
    return apps.get_app_config(floor).get_models(include_auto_created=True)


# A look that failed is filed after the next one that does not, beside what that sending writes.
WITHOUT_LOOKS = f"WHERE code NOT IN {LOOKS + ('',)} AND CAST(changes AS text) NOT LIKE '%filed_later_at%'"


class FailAtStatement:
    """An execute wrapper: the statement of that number never reaches the database."""

    def __init__(self, number: int):
        self.left = number

    def __call__(self, execute, sql, params, many, context):
        if not sql.upper().startswith(CONTROL):
            self.left -= 1
            if self.left == 0:
                raise OperationalError("the disk is full")
        return execute(sql, params, many, context)


@pytest.fixture(scope="module")
def sendings(practice) -> list[Submission]:
    """One successful sending for each address that writes."""
    logging.disable(logging.CRITICAL)
    by_hand = itertools.chain(form_submissions.submissions(practice), admin_submissions.submissions(practice))
    found = {sending.name: sending for sending in by_hand}
    before = state()
    wanted = access_table.takes_a_post() - NOT_DRILLED.keys()
    for role, path, form, name in forms(practice):
        if wanted <= found.keys():
            break
        if name in found or name not in wanted:
            continue
        for data in fillings(form):
            if rolled_back(writes, world.client_of(practice, role), path, data, before):
                found[name] = Submission(name, role, path, data, form_submissions.typed_names(form))
                break
    return list(found.values())


def writes(client: Client, path: str, data: dict, before: dict) -> bool:
    return send(client, path, data).status_code in {200, 204, 302} and state() != before


def statements_of(client: Client, sending: Submission) -> int:
    with CaptureQueriesContext(connection) as captured:
        rolled_back(lambda: send(client, sending.path, sending.data))
    return sum(not query["sql"].upper().startswith(CONTROL) for query in captured)


@pytest.fixture(scope="module")
def wholes(practice, sendings) -> "Baselines":
    return Baselines(practice, sendings)


def test_a_fault_at_any_statement_of_any_write_halves_nothing_and_again_works(practice, sendings, wholes):
    """Fail the k-th statement: the tables are as before, or as after a whole save; never in between."""
    tried = 0
    with time_machine.travel(wholes.now, tick=False):
        for sending in sendings:
            client, whole = world.client_of(practice, sending.role), wholes.of[sending.name]
            for number in range(1 + len(sending.name) % STEP, statements_of(client, sending) + 1, STEP):
                rolled_back(broken, client, sending, number, wholes.before, whole)
                tried += 1
    drills.record("a fault at each statement of each write", faults=tried, writes=len(sendings), halved=0)


# What a form might be made to take, that no form asks for.
EXTRAS = {
    "id": "1", "pk": "1", "patient": "1", "patient_id": "1", "session_id": "1", "author": "1",
    "therapist_id": "1", "signed_at": "2026-01-01", "signed_by": "1", "created_at": "2020-01-01",
    "is_superuser": "on", "is_staff": "on", "has_lead": "on", "role": "lead", "status": "signed",
    "restricted_at": "2026-01-01", "ref": "2222222", "version": "9", "sign_in_series": "0",
}  # fmt: skip


def test_fields_that_no_form_asks_for_are_not_stored(practice, sendings, wholes):
    """Ten and more in every form: the rows are those of the plain sending."""
    with time_machine.travel(wholes.now, tick=False):
        for sending in sendings:
            client = world.client_of(practice, sending.role)
            stored = rolled_back(stored_by, client, sending, {**EXTRAS, **sending.data})

            assert wholes.of[sending.name].differs(stored) == [], sending.name


def stored_by(client: Client, sending: Submission, data: dict) -> dict:
    send(client, sending.path, data)
    return state()


# The forms that carry a key of something of the patient; each must have been swapped, and refused.
SWAPPED = {
    "treatments:adverse-event", "treatments:followup-correct", "treatments:rule-answer",
    "treatments:session-changes", "treatments:session-open",
}  # fmt: skip


def test_a_key_of_another_patient_in_any_form_is_refused(practice, sendings, wholes):
    """Whatever a field may mean by its value is swapped for the same thing of somebody else."""
    standing, refused = PatientRows(), set()
    with time_machine.travel(wholes.now, tick=False):
        for sending in sendings:
            client = world.client_of(practice, sending.role)
            for data, theirs in with_swapped_values(standing, sending):
                answer, now, astray = rolled_back(swapped, client, sending, data)
                said = f"{sending.name} with {theirs!r}: {answer.status_code}"
                assert answer.status_code < 500, said
                assert astray == standing.astray(), said
                if now == wholes.before:
                    refused.add(sending.name)
    assert refused >= SWAPPED


def swapped(client: Client, sending: Submission, data: dict):
    return send(client, sending.path, data), state(), PatientRows().astray()


def test_the_administrator_writes_nothing_of_it(practice, sendings, wholes):
    """Everything that somebody could send, sent by the role that sets the practice up."""
    for sending in [sending for sending in sendings if sending.name.startswith(world.OURS)]:
        answer, now = rolled_back(sent, world.client_of(practice, "admin"), sending)

        assert answer.status_code in {302, 403, 405}, sending.name
        assert now == wholes.before, sending.name


def sent(client: Client, sending: Submission):
    return send(client, sending.path, sending.data), state()


class Baselines:
    """Every sending, saved without a fault, at the one moment at which the clock stands."""

    def __init__(self, practice, sendings: list[Submission]):
        # whoever comes later has signed in already
        world.client_of(practice, "admin")
        # and by then each page is a touch that the sign-in notes, after all else was saved
        self.now = timezone.now() + dt.timedelta(seconds=2 * lifetime.TOUCH_INTERVAL_SECONDS)
        self.before = state()
        with time_machine.travel(self.now, tick=False):
            self.of = {
                sending.name: Baseline(world.client_of(practice, sending.role), sending, self.before)
                for sending in sendings
            }


class Baseline:
    """A save without a fault, made twice: what differs between the two was drawn by lot and is let go."""

    def __init__(self, client: Client, sending: Submission, before: dict):
        (self.status, first), (_, second) = (rolled_back(self._saved, client, sending, before) for _ in "12")
        assert first.keys() == second.keys(), sending.name
        self.writes = any(column != "gone" for _, column in first)
        self.before = before
        self.by_lot = {at for at in first if first[at] != second[at]} | {("clinic_auditevent", "seq")}
        self.written = self._kept(first)
        assert {table for table, _ in first} == {table for table, _ in self.written}

    def _saved(self, client, sending, before) -> tuple[int, dict]:
        return send(client, sending.path, sending.data).status_code, contents(state(), before)

    def _kept(self, found: dict) -> dict:
        return {at: values for at, values in found.items() if at not in self.by_lot}

    def differs(self, now: dict) -> list:
        """The columns that hold something else than after a whole save."""
        found = self._kept(contents(now, self.before))
        return sorted(at for at in found.keys() | self.written if found.get(at) != self.written.get(at))


def broken(client: Client, sending: Submission, number: int, before: dict, whole: Baseline) -> None:
    """Fail, look, send again as the same person, who goes on under whatever key the sign-in has now."""
    cookies = copy.deepcopy(client.cookies)
    try:
        _broken(client, sending, number, before, whole)
    finally:
        client.cookies = cookies


def _broken(client: Client, sending: Submission, number: int, before: dict, whole: Baseline) -> None:
    said = f"{sending.name}, statement {number}"
    with connection.execute_wrapper(FailAtStatement(number)):
        answer = client.post(sending.path, sending.data)
    # a statement that failed alone takes nothing else with it, but for the transaction around this test
    transaction.set_rollback(False)
    if answer.status_code == 503:
        page = answer.content.decode()
        assert "What was saved before is safe" in page, said
        assert not typed_fields(sending) or "Nothing is half saved" in page, said
        assert typed_fields(sending) <= set(re.findall(r'name="([^"]+)" value=', page)), said
    else:
        # the write went through: a look that could not be written hides nothing, and 400 is Django's answer
        # to a sign-in session that could not be written after it
        assert answer.status_code in {whole.status, 400}, f"{said} answered {answer.status_code}"
    now = state()
    assert now == before or not whole.differs(now), f"{said}: {whole.differs(now)}"
    again = client.post(sending.path, sending.data)
    if again.status_code in SIGNED_OUT_STATUSES.get(sending.name, {401}):
        # handing the tablet over ends the sign-in on purpose once it is saved, and a sign-in whose own row
        # could not be written has ended too: in both cases whoever signs in again finds what stands now
        assert sending.name in SIGNED_OUT_STATUSES or answer.status_code == 400 or now != before, (
            f"{said}: again"
        )
        assert state() == now, f"{said}: again"
        return
    if again.status_code == 422 and sending.name in TRIES_LOCKED:
        assert (answer.status_code, now) == (503, before), f"{said}: again"
        again = later(client, sending)
        assert (again.status_code, state() == now) == (whole.status, False), f"{said}: later"
        return
    assert again.status_code in {whole.status, 302}, f"{said}: again answered {again.status_code}"
    if now != before and sending.name in NOT_REPEATABLE:
        return
    assert not whole.differs(state()), f"{said}: again: {whole.differs(state())}"


def later(client: Client, sending: Submission):
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=LOCK_SECONDS), tick=False):
        return client.post(sending.path, sending.data)


def typed_fields(sending: Submission) -> set[str]:
    secret = ("csrfmiddlewaretoken", "password")
    return {name for name in sending.data if not any(word in name.lower() for word in secret)}


def test_every_address_that_writes_is_drilled(sendings):
    """A new one is sent by the walk, taught in tests/taught.py, or says in NOT_DRILLED why it is not."""
    takes_a_post = access_table.takes_a_post()
    reached = {sending.name for sending in sendings}

    assert takes_a_post - reached == NOT_DRILLED.keys()


def test_every_form_and_action_of_the_administration_is_drilled(practice, sendings, wholes):
    """A table that an administrator may set from now on is taught in tests/taught_admin.py, and writes."""
    reached = {sending.name for sending in sendings if wholes.of[sending.name].writes}

    assert admin_submissions.offered_forms(practice.people["admin"]) - reached == set()
