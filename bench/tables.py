"""Tables of the results, as lines of Markdown."""

from bench.aims import GROWTH, STOCK, Judged
from bench.timings import Timing, growth
from bench.whole_record import Duration


def aims_table(judged: list[Judged]) -> list[str]:
    rows = ["| aim | measured | at most × | × | ms | reached |", "|---|---|---:|---:|---:|---|"]
    for one in judged:
        cells = (one.aim, one.label, f"{one.multiple:g}", multiple(one.timing), spread(one.timing))
        rows.append(f"| {' | '.join(cells)} | {_word(one.reached)} |")
    return rows


def stock_table(columns: list[tuple[int, dict[str, tuple[Timing, Timing]]]]) -> list[str]:
    rows = [
        "| patients | | ours, ms | stock, ms | part | at most | reached |",
        "|---:|---|---:|---:|---:|---:|---|",
    ]
    for patients, found in columns:
        for what, (ours, theirs) in found.items():
            part = ours.mid / theirs.mid
            cells = (f"{patients:,}", what, spread(ours), spread(theirs), f"{part:.2f}", f"{STOCK[what]:.2f}")
            rows.append(f"| {' | '.join(cells)} | {_word(part <= STOCK[what])} |")
    return rows


def timings_table(columns: list[tuple[int, dict[str, Timing]]]) -> list[str]:
    head = [f"{patients:,} patients, ms | ×" for patients, _ in columns]
    rows = [f"| | {' | '.join(head)} | growth |", "|---|" + "---:|---:|" * len(head) + "---:|"]
    for what in labels(columns):
        found = [timings.get(what) for _, timings in columns]
        cells = [f"{spread(one)} | {one.ratio:.1f}" if one else " | " for one in found]
        small, large = found[0], found[-1]
        grown = f"{growth(small, large):.2f}" if small and large and len(found) > 1 else ""
        mark = f"**{grown}**" if grown and float(grown) > GROWTH else grown
        rows.append(f"| {what} | {' | '.join(cells)} | {mark} |")
    return rows


def ratios_table(columns: list[tuple[int, dict[str, Timing]]]) -> list[str]:
    head = [f"{patients:,} patients" for patients, _ in columns]
    rows = ["| | " + " | ".join(head) + " |", "|---|" + "---:|" * len(head)]
    for what in labels(columns):
        cells = [f"{timings[what].ratio:.1f}" if what in timings else "" for _, timings in columns]
        rows.append(f"| {what} | {' | '.join(cells)} |")
    return rows


def durations_table(columns: list[tuple[int, dict[str, Duration]]]) -> list[str]:
    head = [f"{patients:,} patients, s | most MB" for patients, _ in columns]
    rows = ["| | " + " | ".join(head) + " |", "|---|" + "---:|---:|" * len(head)]
    for what in labels(columns):
        cells = [f"{found[what].seconds:.1f} | {found[what].most:.0f}" for _, found in columns]
        rows.append(f"| {what} | {' | '.join(cells)} |")
    return rows


def labels(columns: list[tuple[int, dict]]) -> list[str]:
    """A small practice may lack some, such as a second red flag, so those of all sizes are combined."""
    return list(dict.fromkeys(what for _, found in columns for what in found))


def spread(one: Timing) -> str:
    return f"{one.mid:.1f} ({one.low:.1f}–{one.high:.1f})"


def multiple(one: Timing) -> str:
    low, high = one.spread
    return f"{one.ratio:.1f} ({low:.1f}–{high:.1f})"


def _word(reached: bool) -> str:
    return "yes" if reached else "no"
