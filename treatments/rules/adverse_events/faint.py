"""What is done when a patient faints, and how what was done reads on the event."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.values.words import Text, in_source_words

# source: South African AHPC safety guideline, table 1 (acts.co.za, bn121_4): needles out, flat, legs up,
# water or something sweet, watched; a physician where it does not settle. Vasovagal in 0.02 to 7 of 100
# (PMC5733642).
SOURCE = gettext_lazy("South African AHPC safety guideline, table 1 (acts.co.za, bn121_4)")


@dataclass(frozen=True)
class Step:
    """One step of the card: what to do, and how it reads when it was done."""

    code: str
    text: Text
    done: Text


STEPS = (
    Step("needles", gettext_lazy("Take every needle out"), gettext_lazy("Needles out")),
    Step("flat", gettext_lazy("Lay the patient flat"), gettext_lazy("Laid flat")),
    Step("legs", gettext_lazy("Raise the legs"), gettext_lazy("Legs raised")),
    Step(
        "sugar",
        gettext_lazy("Offer water and something sweet"),
        gettext_lazy("Water or something sweet given"),
    ),
    Step(
        "watch", gettext_lazy("Stay, and watch until it has passed"), gettext_lazy("Watched until it passed")
    ),
    Step("help", gettext_lazy("Called 911 or a physician"), gettext_lazy("Help called")),
)


@in_source_words()
def action_text(done: Mapping[str, str], note: str) -> str:
    """“Needles out (2:01 PM). Laid flat.” and the note. `done`: {code of a step that was done: its time}."""
    steps = [_sentence(step, done[step.code]) for step in STEPS if step.code in done]
    return " ".join([*steps, note.strip()]).strip()


def _sentence(step: Step, at: str) -> str:
    if not at.strip():
        return _("%(step)s.") % {"step": step.done}
    return _("%(step)s (%(at)s).") % {"step": step.done, "at": at.strip()}


def onset(at: dt.datetime | None, *, started: dt.datetime) -> dt.datetime | None:
    """A time that is typed has no seconds: within the minute in which the session started it is its start."""
    is_of_that_minute = at is not None and started - dt.timedelta(minutes=1) < at < started
    return started if is_of_that_minute else at
