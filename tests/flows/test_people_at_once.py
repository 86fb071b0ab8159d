"""People at work at once against the real server: nothing fails, each acknowledged save is in the record."""

import pytest

from bench import measure, server
from bench.load import run
from bench.load.run import Plan

pytestmark = pytest.mark.drill
PEOPLE, MINUTES, PAUSE = 6, 0.5, (0.2, 0.6)


def test_nothing_fails_and_no_save_is_lost(tmp_path):
    database = f"sqlite:///{tmp_path}/practice.sqlite3"
    server.manage(database, "migrate", "--verbosity", "0")
    server.manage(database, "demo", "--patients", "150", "--password", measure.PASSWORD)

    result = run.run(database, Plan([PEOPLE], MINUTES, PAUSE), tmp_path)

    (stage,) = result.stages
    assert [sample for sample in stage.samples if sample.failed] == []
    assert stage.interrupted == []
    assert result.lost == []
    assert {sample.kind for sample in stage.samples} == {"read", "save", "poll", "sign-in"}
    assert {what for what, *_ in result.claims} >= {"patient", "visit"}
