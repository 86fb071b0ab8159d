"""What the patient says while a session is open, such as a stop or a refusal: the note says what was done."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.formats import sealed
from clinic.values.addresses import reverse
from clinic.values.words import Text
from patients.models import Level
from patients.rules.validity import INTAKE, VISIT, ValidityFacts
from treatments.rules.session.draft import Draft
from treatments.rules.session.parts import LaterScreening, ToldInSession
from treatments.rules.sites.needled_site import Prompt

STOP, UNREVIEWED, WITHDRAWN = "stop-told", "answers-unreviewed", "consent-withdrawn"
MESSAGES: dict[str, Text] = {
    STOP: gettext_lazy(
        "An answer of stop came after this session was opened (%(moment)s). Say what was done."
    ),
    UNREVIEWED: gettext_lazy(
        "Health questions were answered after this session was opened (%(moment)s), and nobody has reviewed "
        "them. Review them, or say what was done."
    ),
    WITHDRAWN: gettext_lazy(
        "The patient withdrew or refused consent after this session was opened (%(moment)s). Say what was "
        "needled before, and what was done."
    ),
}
# technical: an end is typed to the minute
END = dt.timedelta(minutes=1)


def safety_now(draft: Draft, *, on: dt.date) -> ValidityFacts | None:
    """Health questions and consent as they stand now; the draft's own are those that it was opened under.

    The update of a visit holds on its day only.
    """
    if draft.safety is None:
        return None
    newest = _newest(draft)
    is_today = timezone.localdate(draft.session.visit_at or draft.session.opened_at) == on
    visit_screens = [newest[VISIT].facts] if VISIT in newest else []
    return replace(
        draft.safety,
        intake=newest[INTAKE].facts if INTAKE in newest else draft.safety.intake,
        visit_screens=(*visit_screens, *draft.safety.visit_screens) if is_today else (),
        consent=draft.later_consent.facts if draft.later_consent else draft.safety.consent,
    )


def told(draft: Draft) -> tuple[ToldInSession, ...]:
    """Until the end of a session with needles, the last for each rule.

    Of answers to the same questions the newest holds.
    """
    if draft.session.not_needled:
        return ()
    found = [each for row in _newest(draft).values() if (each := _answers(row, draft.session.patient.ref))]
    later = draft.later_consent
    if later and later.ended_at:
        found.append(ToldInSession(WITHDRAWN, later.ended_at))
    ended_at = draft.session.ended_at
    in_session = [each for each in found if ended_at is None or each.at < ended_at + END]
    return tuple({each.rule: each for each in sorted(in_session, key=attrgetter("at"))}.values())


def prompts(told: Iterable[ToldInSession]) -> list[Prompt]:
    """The moment stands in what a reason answers: what is said later is asked about anew."""
    return [
        Prompt(
            each.rule,
            str(MESSAGES[each.rule]) % {"moment": _moment(each.at)},
            url=each.url,
            way_out=_("Review the answers") if each.url else "",
        )
        for each in told
    ]


def _newest(draft: Draft) -> dict[str, LaterScreening]:
    return {row.kind: row for row in draft.later_screenings}


def _answers(row: LaterScreening, ref: str) -> ToldInSession | None:
    facts = row.facts
    url = "" if facts.decided_level else reverse("patients:screening", args=[ref, facts.pk])
    if facts.level == Level.STOP:
        return ToldInSession(STOP, row.taken_at, url)
    # a clear update of a visit needs no review
    is_settled = facts.decided_level or (row.kind == VISIT and facts.level == Level.CLEAR)
    return None if is_settled else ToldInSession(UNREVIEWED, row.taken_at, url)


def _moment(at: dt.datetime) -> str:
    return f"{sealed.written_day(timezone.localdate(at))}, {sealed.counted_clock(at)}"
