"""The run under load as a section of the results."""

from bench.load.figures import AIM_MS, KINDS, READ, SAVE, Stage, bends_at, percentile, slowest
from bench.load.run import LoadResult, Plan, staffed

SHOWN_TROUBLE = 5


def section(result: LoadResult, plan: Plan, *, engine: str, about: str = "") -> str:
    first = result.stages[0]
    low, high = plan.pause
    staff = staffed(first.clients)
    who = f"{staff['desk']} at the desk, {staff['therapist']} therapists, {staff['lead']} leads"
    head = (
        f"{first.clients} people ({who}) at work for {plan.minutes:g} min on {engine} with "
        f"{result.patients:,} patients, {low:g} to {high:g} s between two requests of a person, boards and "
        f"drafts polling besides; `manage.py serve`, {result.threads} threads, on {first.cores} cores that "
        f"the clients and the database share. {about}"
    )
    lines = [
        f"{head.rstrip()}\n",
        f"Failed: {sum(stage.failed for stage in result.stages)}. Acknowledged saves looked up afterwards: "
        f"{len(result.claims):,}, lost: {len(result.lost)}. Aims: p95 under {AIM_MS[READ]} ms to read, "
        f"{AIM_MS[SAVE]} ms to save. {bends_at(result.stages)}\n",
        "| people | requests | each s | failed | interrupted | "
        + " | ".join(f"{kind} p50 / p95, ms" for kind in KINDS)
        + " | server, ms of the processor each | server, cores | clients | machine | queued |",
        "|---:|" + "---:|" * (len(KINDS) + 9),
        *(_line(stage) for stage in result.stages),
        "\nSlowest (p95, ms): " + "; ".join(_slow(first, kind) for kind in (READ, SAVE)) + ".",
        *_trouble(result),
    ]
    return "\n".join(lines) + "\n"


def _line(stage: Stage) -> str:
    times = [f"{percentile(stage.of(kind), 50) * 1000:.0f} / {stage.p95_ms(kind):.0f}" for kind in KINDS]
    cells = (
        str(stage.clients),
        f"{len(stage.samples):,}",
        f"{stage.per_second:.1f}",
        str(stage.failed),
        str(len(stage.interrupted)),
        *times,
        f"{stage.server_ms_each:.0f}",
        f"{stage.server_cores:.2f}",
        f"{stage.bench_cores:.2f}",
        f"{stage.machine_cores:.2f}",
        str(stage.queued),
    )
    return f"| {' | '.join(cells)} |"


def _slow(stage: Stage, kind: str) -> str:
    return ", ".join(f"`{what}` {seconds * 1000:.0f}" for what, seconds in slowest(stage.samples, kind))


def _trouble(result: LoadResult) -> list[str]:
    """What interrupted people, and what was lost, each kind once."""
    told = [text for stage in result.stages for text in stage.interrupted]
    told += [f"lost: {' '.join(claim)}" for claim in result.lost]
    return [f"- {text}" for text in list(dict.fromkeys(told))[:SHOWN_TROUBLE]]
