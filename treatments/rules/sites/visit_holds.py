"""Reasons against checking a patient out, or against undoing a step of a visit."""

from clinic.values.errors import Reason


def needle_reasons(count: int) -> list[Reason]:
    if not count:
        return []
    needles = "1 needle is" if count == 1 else f"{count} needles are"
    message = f"{needles} still in this patient by the session's record."
    return [Reason("needles-in", f"{message} Take them out and note it, then check them out.")]


def session_reasons(has_session: bool) -> list[Reason]:
    if not has_session:
        return []
    message = "A session stands for this visit. The therapist voids it first if it was opened by mistake."
    return [Reason("session-stands", message)]
