"""The database fails at each statement of each write: nothing is half saved, and a second try works.

The writes are found by walking over all pages of the test practice and posting every form, filled in. Forms
that the walk cannot fill in are written out in tests/form_submissions.py and tests/admin_submissions.py.
The clock is frozen, so that two runs write the same values.
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
from clinic.audit.packing import unpack
from clinic.models import AuditEvent
from clinic.models.base import CatalogueRow
from clinic.signin import lifetime
from patients.models import ConditionName
from tests import access_table, admin_submissions, drills, form_submissions, world
from tests.form_client import post_forms
from tests.form_submissions import Submission
from tests.patient_rows import PatientRows, with_swapped_values
from tests.typed_values import typed_value
from treatments.models import Muscle

pytestmark = [pytest.mark.django_db, pytest.mark.drill]
STEP = 1 if drills.IS_FULL else 10
# Library tables that a save may change.
LIBRARY_TABLES = (Authenticator, LogEntry)
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
# Events of looks, which are stored whether or not the following write succeeds.
LOOKS = (
    "access.refused", "audit.searched", "lot.searched", "patient.found", "user.signed_in", "user.signed_out",
)  # fmt: skip
READS = "reads: what it is sent chooses what is shown"
ONE_ROW = "the library's page; it writes one row, and its event is a look"
PROOF = "asks for a proof, which is kept in the sign-in alone"
FILE = "a list as a file: its line in the audit is a look, and stands for itself"
# Addresses that accept a POST but are not drilled, each with the reason.
NOT_DRILLED = {
    "patients:bring-in": "takes a file, which no form of the drill has; what comes of it is drilled",
    "treatments:caseload": FILE,
    "treatments:followups": FILE,
    "treatments:sharps-log": FILE,
    "treatments:warning-levels": FILE,
    "account_here": PROOF,
    "account_inactive": READS,
    "account_login": "the door: last sign-in, the sign-in and its event each stand for themselves",
    "account_logout": "ends the sign-in; its event is a look",
    "account_passkey_question": READS,
    "account_reauthenticate": PROOF,
    "account_unlock": PROOF,
    "first-start": "the password with the end of its link in one act; then it is the door",
    "health": READS,
    "help": READS,
    "help-page": READS,
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
    "patients:condition-search": READS,
    "patients:consent-print": READS,
    "patients:handover": READS,
    "patients:paper-file": "takes a file; tests/patients/test_papers.py breaks each of its writes off",
    "patients:register-matches": READS,
    "treatments:audit-export": READS,
    "treatments:history": READS,
    "treatments:record": READS,
    "treatments:record-print": READS,
    "treatments:adverse-event-rates": READS,
    "treatments:adverse-events": READS,
    "treatments:report-calls": READS,
    "treatments:report-kept-apart": READS,
    "treatments:report-lot": READS,
    "treatments:report-needles": READS,
    "treatments:report-notes": READS,
    "treatments:report-overrides": READS,
    "treatments:report-soreness": READS,
    "treatments:report-visits": READS,
    "treatments:today": READS,
    "treatments:trends": READS,
    "who-may-what": READS,
}
# A second try with the old password fails once it was changed, and the library limits the rate where
# it could not restore its counter.
SIGNED_OUT_STATUSES = {"account_change_password": {401, 422, 429}}
# If the library could not release its lock on the counter, sign-ins fail for these seconds.
TRIES_LOCKED, LOCK_SECONDS = {"patients:handover-return"}, CACHE_LOCK_TIMEOUT + 1
# Repeating these has another result: a new password, because the first was never shown.
NOT_REPEATABLE = {
    "admin:clinic_user_changelist give_one_time_password",
    "admin:clinic_user_changelist reset_factors",
}


def fillings(form: Form):
    """Several ways to fill in the form: with empty fields or not, all boxes ticked, the last choices."""
    for full, ticked, last in itertools.product((True, False), (False, True), (False, True)):
        data = form.filled()
        for name, part in form.fields.items():
            if name == "password" or full and part.is_typed and not data.get(name, [""])[0]:
                data[name] = [typed_value(name, part.kind)]
            elif part.kind == "radio" and part.choices and not data.get(name):
                data[name] = [part.choices[-1 if last else 0]]
            elif part.kind == "checkbox" and ticked:
                data[name] = part.choices
            elif part.kind == "select" and not any(data.get(name, [])):
                data[name] = [choice for choice in part.choices if choice][-1 if last else 0 :][:1] or [""]
        for press in form.buttons[:1] or [None]:
            yield {**data, **({press[0]: [press[1]]} if press and press[0] else {})}


def forms(practice):
    """(role, path, form, URL name of its action) of every form on every page."""
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
    """The result of `act`, whose changes are rolled back."""
    with transaction.atomic():
        answer = act(*about)
        transaction.set_rollback(True)
    return answer


def state() -> dict[str, dict]:
    """Every row of the product, except catalogues and audited looks."""
    found = {}
    with connection.cursor() as cursor:
        for model in watched():
            table = model._meta.db_table
            extra = WITHOUT_LOOKS if model is AuditEvent else ""
            cursor.execute(f'SELECT * FROM "{table}" {extra}')
            names = [column[0] for column in cursor.description]
            rows = [tuple(map(readable, row)) for row in cursor.fetchall()]
            found[table] = {repr(row): dict(zip(names, row, strict=True)) for row in rows}
    return found


def readable(value):
    """PostgreSQL's driver gives bytes as a view, which shows its place in memory and not what it holds."""
    return bytes(value) if isinstance(value, memoryview) else value


def contents(now: dict, before: dict) -> dict[tuple, Counter]:
    """The new values of each column, and the number of rows removed from each table."""
    found = {}
    for table, rows in now.items():
        new = [row for text, row in rows.items() if text not in before[table]]
        for column in new[0] if new else ():
            at = (table, column)
            found[at] = Counter(part for row in new for part in parts_of(at, row[column]))
        found[table, "gone"] = Counter(gone=len(before[table].keys() - rows.keys()))
    return found


def parts_of(at: tuple[str, str], value) -> list[str]:
    """What an event covers counts row by row, every other value as a whole."""
    return [repr(part) for part in unpack(value)] if at == COVERED else [repr(value)]


def watched() -> list:
    ours = [model for floor in ("clinic", "patients", "treatments") for model in models_of(floor)]
    return [
        *(model for model in ours if model is Muscle or not issubclass(model, (CatalogueRow, ConditionName))),
        *LIBRARY_TABLES,
    ]


def models_of(floor: str):
    return apps.get_app_config(floor).get_models(include_auto_created=True)


COVERED = ("clinic_auditevent", "rows")
# A failed look is filed later, together with the next successful one.
WITHOUT_LOOKS = f"WHERE code NOT IN {LOOKS + ('',)} AND CAST(changes AS text) NOT LIKE '%filed_later_at%'"


class FailAtStatement:
    """An execute wrapper that fails the n-th statement."""

    def __init__(self, number: int):
        self.left = number

    def __call__(self, execute, sql, params, many, context):
        if not sql.upper().startswith(CONTROL):
            self.left -= 1
            if self.left == 0:
                raise OperationalError("the disk is full")
        return execute(sql, params, many, context)


@pytest.fixture(scope="module")
def submissions(practice) -> list[Submission]:
    """One successful submission for each address that writes."""
    logging.disable(logging.CRITICAL)
    by_hand = itertools.chain(form_submissions.submissions(practice), admin_submissions.submissions(practice))
    found = {submission.name: submission for submission in by_hand}
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


def statements_of(client: Client, submission: Submission) -> int:
    with CaptureQueriesContext(connection) as captured:
        rolled_back(lambda: send(client, submission.path, submission.data))
    return sum(not query["sql"].upper().startswith(CONTROL) for query in captured)


@pytest.fixture(scope="module")
def baselines(practice, submissions) -> "Baselines":
    return Baselines(practice, submissions)


def test_a_fault_at_any_statement_of_any_write_halves_nothing_and_again_works(
    practice, submissions, baselines
):
    """After a failed statement the tables are as before or as after a complete save, never in between."""
    tried = 0
    with time_machine.travel(baselines.now, tick=False):
        for submission in submissions:
            client, baseline = world.client_of(practice, submission.role), baselines.of[submission.name]
            for number in range(1 + len(submission.name) % STEP, statements_of(client, submission) + 1, STEP):
                rolled_back(broken, client, submission, number, baselines.before, baseline)
                tried += 1
    drills.record("a fault at each statement of each write", faults=tried, writes=len(submissions), halved=0)


def test_a_form_that_is_sent_twice_counts_once_and_is_answered_alike(practice, submissions, baselines):
    """A second press sends the same key: whoever pressed twice sees what came of it, never an error."""
    pressed = 0
    with time_machine.travel(baselines.now, tick=False):
        for submission in submissions:
            if not submission.data.keys() & {"form_key", "client_id"}:
                continue
            client = world.client_of(practice, submission.role)
            first, after_first, second, after_second = rolled_back(sent_twice, client, submission)

            assert (second.status_code, second.get("Location")) == first, submission.name
            assert after_first == after_second, submission.name
            pressed += 1
    assert pressed > 40


def sent_twice(client: Client, submission: Submission):
    first, cookies = client.post(submission.path, submission.data), copy.deepcopy(client.cookies)
    after_first, second = state(), client.post(submission.path, submission.data)
    client.cookies = cookies
    return (first.status_code, first.get("Location")), after_first, second, state()


# Parameters that no form has, to be posted with every form.
EXTRAS = {
    "id": "1", "pk": "1", "patient": "1", "patient_id": "1", "session_id": "1", "author": "1",
    "therapist_id": "1", "signed_at": "2026-01-01", "signed_by": "1", "created_at": "2020-01-01",
    "is_superuser": "on", "is_staff": "on", "has_lead": "on", "role": "lead", "status": "signed",
    "restricted_at": "2026-01-01", "ref": "2222222", "version": "9", "sign_in_series": "0",
}  # fmt: skip


# The digest by which a second post of the same form is told from another one.
WHOLE_POST = ("clinic_formkey", "digest")


def test_fields_that_no_form_asks_for_are_not_stored(practice, submissions, baselines):
    """With these extra parameters every form stores the same rows as without them."""
    with time_machine.travel(baselines.now, tick=False):
        for submission in submissions:
            client = world.client_of(practice, submission.role)
            stored = rolled_back(stored_by, client, submission, {**EXTRAS, **submission.data})

            differing = set(baselines.of[submission.name].differs(stored)) - {WHOLE_POST}
            assert differing == set(), submission.name


def stored_by(client: Client, submission: Submission, data: dict) -> dict:
    send(client, submission.path, data)
    return state()


# Forms with a key of a patient's row; each must have been swapped and refused.
SWAPPED = {
    "treatments:adverse-event", "treatments:followup-correct", "treatments:rule-answer",
    "treatments:session-changes", "treatments:session-open",
}  # fmt: skip


def test_a_key_of_another_patient_in_any_form_is_refused(practice, submissions, baselines):
    """Every value that identifies a row is replaced by that of another patient's row."""
    rows, refused = PatientRows(), set()
    with time_machine.travel(baselines.now, tick=False):
        for submission in submissions:
            client = world.client_of(practice, submission.role)
            for data, other_row in with_swapped_values(rows, submission):
                answer, now, mixed = rolled_back(swapped, client, submission, data)
                context = f"{submission.name} with {other_row!r}: {answer.status_code}"
                assert answer.status_code < 500, context
                assert mixed == rows.astray(), context
                if now == baselines.before:
                    refused.add(submission.name)
    assert refused >= SWAPPED


def swapped(client: Client, submission: Submission, data: dict):
    return send(client, submission.path, data), state(), PatientRows().astray()


# What an administrator writes beside the administration: injuries of staff, which are no patient's,
# and what they themselves began to type.
OF_STAFF = {
    "held-form", "mail", "set-up-hours", "set-up-needles", "treatments:leaving",
    "treatments:sharps-add", "treatments:sharps-correct",
}  # fmt: skip


def test_the_administrator_writes_nothing_of_it(practice, submissions, baselines):
    """The administrator posts every submission of the other roles."""
    clinical = [
        submission
        for submission in submissions
        if submission.name.startswith(world.OURS) and submission.name not in OF_STAFF
    ]
    with time_machine.travel(baselines.now, tick=False):
        for submission in clinical:
            answer, now = rolled_back(sent, world.client_of(practice, "admin"), submission)

            assert answer.status_code in {302, 403, 404, 405}, submission.name
            assert now == baselines.before, submission.name


def sent(client: Client, submission: Submission):
    return send(client, submission.path, submission.data), state()


class Baselines:
    """The result of every submission without a fault, at the frozen time."""

    def __init__(self, practice, submissions: list[Submission]):
        # the admin's sign-in happens before the baseline
        world.client_of(practice, "admin")
        # and the time is so much later that each request also saves the session's activity time
        self.now = timezone.now() + dt.timedelta(seconds=2 * lifetime.TOUCH_INTERVAL_SECONDS)
        self.before = state()
        with time_machine.travel(self.now, tick=False):
            self.of = {
                submission.name: Baseline(world.client_of(practice, submission.role), submission, self.before)
                for submission in submissions
            }


class Baseline:
    """A save without a fault, done twice; columns that differ between the two are random and ignored."""

    def __init__(self, client: Client, submission: Submission, before: dict):
        (self.status, first), (_, second) = (
            rolled_back(self._saved, client, submission, before) for _ in "12"
        )
        assert first.keys() == second.keys(), submission.name
        self.writes = any(column != "gone" for _, column in first)
        self.before = before
        self.by_lot = {at for at in first if first[at] != second[at]} | {("clinic_auditevent", "seq")}
        self.written = self._kept(first)
        assert {table for table, _ in first} == {table for table, _ in self.written}

    def _saved(self, client, submission, before) -> tuple[int, dict]:
        return send(client, submission.path, submission.data).status_code, contents(state(), before)

    def _kept(self, found: dict) -> dict:
        return {at: values for at, values in found.items() if at not in self.by_lot}

    def differs(self, now: dict) -> list:
        """The columns that differ from those after a complete save."""
        found = self._kept(contents(now, self.before))
        return sorted(at for at in found.keys() | self.written if not self._is_complete(at, found))

    def _is_complete(self, at: tuple, found: dict) -> bool:
        """As after a complete save. The next event covers the rows of one that could not be written too."""
        wanted, there = self.written.get(at), found.get(at)
        return not wanted - there if at == COVERED and wanted and there else wanted == there


def broken(client: Client, submission: Submission, number: int, before: dict, baseline: Baseline) -> None:
    """Fails a statement, checks the tables and submits again with the session of then."""
    cookies = copy.deepcopy(client.cookies)
    try:
        _broken(client, submission, number, before, baseline)
    finally:
        client.cookies = cookies


def _broken(client: Client, submission: Submission, number: int, before: dict, baseline: Baseline) -> None:
    context = f"{submission.name}, statement {number}"
    with connection.execute_wrapper(FailAtStatement(number)):
        answer = client.post(submission.path, submission.data)
    # only the failed statement is undone, so the test's own transaction must go on
    transaction.set_rollback(False)
    if answer.status_code == 503:
        page = answer.content.decode()
        assert "What was saved before is safe" in page, context
        assert not typed_fields(submission) or "Nothing is half saved" in page, context
        assert typed_fields(submission) <= set(re.findall(r'name="([^"]+)" value=', page)), context
    else:
        # the write succeeded: a failed look does not hide the page, and 400 is Django's response
        # when the session could not be saved afterwards
        assert answer.status_code in {baseline.status, 400}, f"{context} answered {answer.status_code}"
    now = state()
    assert now == before or not baseline.differs(now), f"{context}: {baseline.differs(now)}"
    again = client.post(submission.path, submission.data)
    if again.status_code in SIGNED_OUT_STATUSES.get(submission.name, {401}):
        # handing over the tablet ends the sign-in on purpose, and a sign-in whose session row could not
        # be saved has ended as well; in both cases the next sign-in finds the state of now
        assert submission.name in SIGNED_OUT_STATUSES or answer.status_code == 400 or now != before, (
            f"{context}: again"
        )
        assert state() == now, f"{context}: again"
        return
    if again.status_code == 422 and submission.name in TRIES_LOCKED:
        assert (answer.status_code, now) == (503, before), f"{context}: again"
        again = later(client, submission)
        assert (again.status_code, state() == now) == (baseline.status, False), f"{context}: later"
        return
    assert again.status_code in {baseline.status, 302}, f"{context}: again answered {again.status_code}"
    if now != before and submission.name in NOT_REPEATABLE:
        return
    assert not baseline.differs(state()), f"{context}: again: {baseline.differs(state())}"


def later(client: Client, submission: Submission):
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=LOCK_SECONDS), tick=False):
        return client.post(submission.path, submission.data)


def typed_fields(submission: Submission) -> set[str]:
    secret = ("csrfmiddlewaretoken", "password")
    return {name for name in submission.data if not any(word in name.lower() for word in secret)}


def test_every_address_that_writes_is_drilled(submissions):
    """The walk or tests/form_submissions.py posts to each address; NOT_DRILLED says why not to the others."""
    takes_a_post = access_table.takes_a_post()
    reached = {submission.name for submission in submissions}

    assert takes_a_post - reached == NOT_DRILLED.keys()


def test_every_form_and_action_of_the_administration_is_drilled(practice, submissions, baselines):
    """Whoever opens another table to administrators adds it to tests/admin_submissions.py."""
    reached = {submission.name for submission in submissions if baselines.of[submission.name].writes}

    assert admin_submissions.offered_forms(practice.people["admin"]) - reached == set()
