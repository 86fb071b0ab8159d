"""The audit's chain as a whole, for tests that do something to it or around it."""

from clinic.audit import verification


def first_broken_link() -> int | None:
    """The `seq` of the first event that does not verify, or None for a whole chain."""
    fault = next(verification.chain_faults(), None)
    return fault.seq if fault else None
