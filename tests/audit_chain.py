"""Verification of the whole audit chain, for tests that write audit events or alter them."""

from clinic.audit import verification


def first_broken_link() -> int | None:
    """The `seq` of the first event that does not verify, or None for an intact chain."""
    fault = next(verification.chain_faults(), None)
    return fault.seq if fault else None
