"""The names of rules in the practice's reports, and one line of the report on overrides."""

import datetime as dt
from dataclasses import dataclass

PERIOD_DAYS = 90
# Short names of the rules; a rule about a region that the health answers name begins with `AVOID`.
RULE_NAMES = {
    "added-modality": "Other treatment with the needles",
    "both-lungs": "Both sides of the thorax in one session",
    "bleeding-deep": "A deep muscle with a bleeding risk",
    "chest-at-risk": "A site over a lung at risk",
    "consent-not-on-file": "A session without a consent on file",
    "code-of-the-day": "A second billing code on one day",
    "depth-over-limit": "Deeper than the practice's limit",
    "device-stimulated": "Stimulation with an electrical device in the body",
    "dwell-corrected": "Minutes left in other than the timer's",
    "dwell-over-limit": "Needles left in longer than the state rules allow",
    "dwell-over-session": "Needles left in longer than the session",
    "health-not-on-file": "A session without health questions on file",
    "insertions-over-needles": "More insertions than needles",
    "long-needle-at-abdomen": "A long needle near the abdomen",
    "long-needle-at-neck": "A long needle near the spinal canal",
    "muscle-not-recommended": "A muscle that should not be needled",
    "needles-differ": "Needles in and out differ",
    "needles-in-before-start": "Needles in before the session started",
    "needles-out-after-end": "Needles out after the session ended",
    "needles-over-insertions": "More needles than insertions",
    "opened-not-used": "Needles opened differ from those used",
    "outside-course": "A region that no course covers",
    "point-not-local": "A point far from what is treated",
    "pregnancy-low": "Low back, pelvis or abdomen in pregnancy",
    "region-not-consented": "A region that the consent does not name",
    "session-long": "A session of many hours",
    "session-over-midnight": "A session over midnight",
    "stimulation-not-allowed": "Stimulation that the state rules do not allow",
}
AVOID = "avoid-"


@dataclass(frozen=True)
class OverrideCount:
    """How often one rule was answered with a reason."""

    name: str
    reasons: int
    sessions: int
    people: int
    last_at: dt.datetime


def rule_name(rule: str) -> str:
    if rule.startswith(AVOID):
        return f"A place that the health questions name: {rule.removeprefix(AVOID).replace('-', ' ')}"
    return RULE_NAMES.get(rule, rule)
