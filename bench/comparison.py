"""The product beside a stock Django admin over the same people: the same four things, asked in turn."""

from collections.abc import Callable

from bench.browser import HttpBrowser, Response
from bench.draft_writes import DraftWrites
from bench.stock_visitor import StockVisitor
from bench.timings import PairedTimes, Timing

OPEN, SAVE = "open a patient", "save three sites"
BY_REFERENCE, BY_NAME = "find by reference", "find by name"


def measured(
    desk: HttpBrowser,
    draft: DraftWrites,
    stock: StockVisitor,
    subjects: dict,
    *,
    empty: Callable[[], float],
    rounds: int,
    warm_up: int,
) -> dict[str, tuple[Timing, Timing]]:
    """{what: (ours, the stock admin's)}; a round asks ours, the empty page, theirs, the empty page."""
    person = subjects["treatable"][0]
    ref, name = person["ref"], f"{person['name']} {person['given']}"
    record, page, session = f"/patients/{ref}/", stock.page_of(ref), f"/sessions/{subjects['draft']}/"
    pairs: dict[str, tuple[Callable[[], Response], Callable[[], Response]]] = {
        OPEN: (lambda: draft.therapist.get(record), lambda: stock.open(page)),
        BY_REFERENCE: (lambda: find(desk, ref), lambda: stock.find(ref)),
        BY_NAME: (lambda: find(desk, name), lambda: stock.find(name)),
        SAVE: (lambda: draft.three_sites(session), stock.save_three_sites),
    }
    ours, theirs = PairedTimes(), PairedTimes()
    for number in range(warm_up + rounds):
        for what, (one, other) in pairs.items():
            first, second = (one().seconds, empty()), (other().seconds, empty())
            if number >= warm_up:
                ours.add(what, *first)
                theirs.add(what, *second)
    stock.browser.connection.close()
    by_us, by_them = ours.timings(), theirs.timings()
    return {what: (by_us[what], by_them[what]) for what in pairs}


def find(desk: HttpBrowser, words: str) -> Response:
    page = desk.get("/patients/")
    answer = desk.post(page.path, {**page.form("q").values, "q": [words]})
    if answer.status != 200:
        raise SystemExit(f"The search answered {answer.status} instead of 200.")
    return answer
