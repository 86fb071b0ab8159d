"""Rows typed at an even pace while the server answers late: none wrong, lost or doubled.

About a hundred rows in the suite, a thousand for each way with DRILL=full (`make drills`).
"""

import itertools

import pytest

from tests import drills, factories
from tests.browser import typed_sites
from tests.browser.late_server import LateServer
from tests.browser.typed_sites import DELAYS, MOST, PACES, WAYS
from treatments.models import DraftEvent

pytestmark = pytest.mark.drill
FULL = 1000
# Of a suite's draft: more rows where the keys are quick.
SUITE = {30: 5, 80: 3, 120: 2, 200: 2}


def drafts_of(delay: int) -> list[list[int]]:
    """For each draft the paces of its rows: all of them in the suite, one and the same in the full drill."""
    if not drills.IS_FULL:
        return [[pace for pace, rows in SUITE.items() for _ in range(rows)]]
    cell = -(-FULL // (len(PACES) * len(DELAYS)))
    sizes = [MOST] * (cell // MOST) + ([cell % MOST] if cell % MOST else [])
    return [[pace] * size for pace, size in itertools.product(PACES, sizes)]


@pytest.mark.parametrize("delay", DELAYS)
@pytest.mark.parametrize("way", WAYS)
def test_rows_typed_while_the_server_works_are_kept_as_typed(
    open_page, reception, therapist, ada, monkeypatch, way, delay
):
    typed_sites.habit(reception, therapist, ada)
    late, page, typed, wrong = LateServer(monkeypatch), open_page(user=therapist), 0, 0

    for paces in drafts_of(delay):
        draft = factories.session(ada, therapist)
        factories.session_condition(draft)
        late.seconds = 0
        page.goto(draft.get_absolute_url())
        late.seconds = delay / 1000
        rows = typed_sites.rows_of(len(paces))
        typed_sites.begin(page, way)
        for row, pace in zip(rows, paces, strict=True):
            WAYS[way](page, row, pace)
        typed_sites.wait_until_saved(page)
        typed += len(rows)
        wrong += sum(kept != row for kept, row in itertools.zip_longest(typed_sites.stored(draft), rows))
        assert DraftEvent.objects.filter(session=draft, field="site").count() == len(rows)

    assert wrong == 0
    drills.record(f"rows typed {way}, the server answers after {delay} ms", rows=typed, wrong_or_lost=wrong)
