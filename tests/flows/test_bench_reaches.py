"""The benchmark times every address that writes, or NOT_TIMED gives the reason."""

import re

import pytest
from django.urls import resolve

from bench import browser, measure, server
from bench.databases import subjects
from tests import access_table
from tests.flows.test_faults import NOT_DRILLED

pytestmark = [pytest.mark.django_db, pytest.mark.drill]
LIBRARY = "the library's page for one's own second factor: once in a person's life here"
RARE = "a few times a year in a practice, and a form of few fields"
# Addresses that write but are not timed, each with the reason.
NOT_TIMED = {
    "account_lock": RARE,
    "theme": RARE,
    "mail": RARE,
    "mfa_deactivate_totp": LIBRARY,
    "mfa_remove_webauthn": LIBRARY,
    "treatments:aftercare-given": "the same write as a field of the session, which is timed",
    "patients:bring-in-file": "once in a practice's life: its command is timed by the drill of 50,000 rows",
    "patients:duplicate-apart": RARE,
    "patients:paper-wrong": RARE,
    "treatments:take-out": RARE,
    "treatments:merge": RARE,
    "treatments:merge-take-back": RARE,
    "treatments:warning-level": RARE,
    "set-up-hours": RARE,
    "set-up-needles": RARE,
    "state-counsel": RARE,
    "state-counsel-withdraw": RARE,
    "treatments:adverse-event-change": RARE,
    "treatments:adverse-event-close": RARE,
    "treatments:adverse-event-error": RARE,
    "treatments:adverse-event-report": RARE,
    "treatments:muscles": RARE,
    "treatments:session-copied": RARE,
    "treatments:session-supervisor": RARE,
    "treatments:session-faint": RARE,
    "treatments:session-unsaved-measurement": "the same write as what is typed and not saved, which is timed",
    "treatments:session-wrong-patient": RARE,
    "treatments:sharps-add": RARE,
    "treatments:leaving": RARE,
    "treatments:sharps-correct": RARE,
    "treatments:sharps-move": RARE,
    "treatments:site-which": "asked of few sites, and writes what a correction of a site writes",
}


@pytest.fixture(scope="module")
def timed(tmp_path_factory) -> set[str]:
    """URL names that the benchmark posts to, run on a practice of its own."""
    database = f"sqlite:///{tmp_path_factory.mktemp('bench')}/practice.sqlite3"
    server.manage(database, "migrate", "--verbosity", "0")
    server.manage(database, "demo", "--patients", "60", "--password", measure.PASSWORD)
    sent = set()

    class RecordingBrowser(browser.HttpBrowser):
        def post(self, path, *about):
            sent.add(re.sub(r"\?.*", "", path))
            return super().post(path, *about)

    with pytest.MonkeyPatch.context() as patch, server.running(database) as port:
        patch.setattr(measure, "HttpBrowser", RecordingBrowser)
        patch.setattr(measure, "addresses", lambda *about: [("today's board", "/")])
        measure.run(port, subjects(database), rounds=1)
    return {resolve(path).view_name for path in sent}


def test_every_write_is_timed_or_says_why_not(timed):
    wanted = access_table.takes_a_post() - NOT_DRILLED.keys()

    assert sorted((wanted - timed) ^ NOT_TIMED.keys()) == []
