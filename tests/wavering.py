"""Tests that failed in CI and then passed: each is printed with its failure, and many of them fail the run.

Two workers, a server, a database and a browser share two cores there. A test that wavers is a fault of the
test or a race of the product, so it is shown and mended; it does not hold up everything else.
"""

FEW = 3


def wavered(stats: dict) -> dict[str, str]:
    """The first failure of each test that was run again, by its name; `stats` are the terminal reporter's."""
    return {report.nodeid: report.longreprtext for report in stats.get("rerun", [])}


def print_failures(reporter) -> None:
    for name, failure in wavered(reporter.stats).items():
        reporter.section(f"WAVERED: {name}", sep="_")
        reporter.line(failure)


def are_too_many(stats: dict) -> bool:
    return len(wavered(stats)) > FEW
