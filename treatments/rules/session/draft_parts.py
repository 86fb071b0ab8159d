"""What a draft's parts say: its practice, answered prompts, versions, consent, limits and prompts."""

import json
from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from clinic.models import Practice
from clinic.models.rows import day, instant
from patients.models import Coverage, ScreeningItem
from treatments.models import Muscle, NeedleSite, NeedlingSession
from treatments.rules import billing
from treatments.rules.sites import entry, needled_site


def practice(session) -> Practice:
    """What the practice chose, as it stood when the session was read."""
    (row,) = session.part_practice
    columns = Practice._meta.concrete_fields
    return Practice(**{column.attname: column.to_python(row[column.attname]) for column in columns})


def numbers(session) -> dict[str, int]:
    """{site key: its number} of every site, the struck ones too."""
    return {site_key(row["key"]): row["number"] for row in session.part_sites}


def standing(session) -> frozenset[str]:
    """The keys of the sites that nobody has struck."""
    return frozenset(site_key(row["key"]) for row in session.part_sites if not row["struck_at"])


def answered(session) -> dict[tuple[str, str, str], str]:
    """{the key of a question: reason} for the rules that were answered, in the words that were asked."""
    rows = session.part_overrides
    return {(row["rule"], site_key(row["key"]), row["asked"]): row["reason"] for row in rows}


def newest_reason(session) -> int:
    """The number of the newest reason that was given for a rule."""
    return max((row["pk"] for row in session.part_overrides), default=0)


def versions(session) -> dict[tuple[str, str, str], int]:
    """{(field, part, site key): version}. A field's version is the number of its newest change."""
    return {
        (row["field"], row["part"], site_key(row["key"])): row["version"] for row in session.part_versions
    }


def consented(session) -> frozenset[str] | None:
    """The parts of the body that the session's consent names, later additions included."""
    if session.consent_id is None:
        return None
    lists = [_list(row["regions"]) for row in session.part_consents]
    return frozenset(group for groups in lists for group in groups)


def covered(session) -> frozenset[str] | None:
    """The parts of the body that the therapist's courses cover on the day. None: no course says which."""
    on = timezone.localdate(session.started_at or session.opened_at)
    standing = [
        row["code"]
        for row in session.part_courses
        if (day(row["issued_on"]) or on) <= on <= (day(row["expires_on"]) or on)
    ]
    asks = session.part_courses or session.jurisdiction.hours_practicum
    return frozenset(standing) if asks else None


def avoided(session) -> tuple[needled_site.Avoided, ...]:
    """What the health questions said of single parts of the body."""
    return tuple(
        needled_site.Avoided(row["code"], row["label"], row["guidance"], _places(_list(row["places"])))
        for row in session.part_concerns
        if row["scope"] == ScreeningItem.Scope.SITE
    )


def concerns(session) -> tuple[needled_site.Concern, ...]:
    """What the health questions said of the whole patient, where a needle may meet it."""
    return tuple(
        needled_site.Concern(row["code"], row["label"], row["guidance"])
        for row in session.part_concerns
        if row["scope"] == ScreeningItem.Scope.PATIENT
    )


def suggested(session) -> frozenset[str]:
    """Codes of the muscles usually needled for the conditions of this session."""
    return frozenset(row["code"] for row in session.part_suggested)


def medicare(session) -> str:
    """What is to be said of Medicare's cover, or nothing. source: domain facts 8, S63."""
    row = next(iter(session.part_medicare), None)
    if row is None:
        return ""
    if row["notice"] == Coverage.Notice.NONE:
        return "Medicare does not pay, no notice signed"
    signed_on = day(row["signed_on"])
    when = f" {date_format(signed_on, 'j M Y')}" if signed_on else ""
    return f"Medicare does not pay, notice signed{when}"


def coded_today(session) -> tuple[billing.Coded, ...]:
    return tuple(billing.Coded(row["ref"], row["code"], row["by"]) for row in session.part_same_day)


def site_key(value) -> str:
    """A key as text in one spelling: the engines write it with and without dashes."""
    return str(UUID(str(value))) if value else ""


def _places(rows: list[dict]) -> frozenset[tuple[str, str]]:
    return frozenset((row["region"], row["side"]) for row in rows)


def _list(value) -> list:
    """SQLite hands a list inside a row over as text."""
    return json.loads(value) if isinstance(value, str) else value


INSTANTS = ("struck_at", "needle_in_at", "needle_out_at")
AS_IS = ("key", "number", "needles", "side", "sub_site", "unlisted_name")
OF_MUSCLE = {"muscle_name": "name", "muscle_billing_key": "billing_key", "muscle_heads": "heads"}
# {name in the row: column of a site}
COLUMNS = {
    **{name: name for name in (*AS_IS, *INSTANTS)},
    **{name: f"muscle__{column}" for name, column in OF_MUSCLE.items()},
}


def of(session) -> list[NeedleSite]:
    return [_site(row) for row in session.part_sites]


def _site(row: dict) -> NeedleSite:
    muscle = {column: row[name] for name, column in OF_MUSCLE.items()}
    return NeedleSite(
        muscle=Muscle(**muscle) if row["muscle_name"] else None,
        **{name: row[name] for name in AS_IS},
        **{name: instant(row[name]) for name in INSTANTS},
    )


def reading_of(session: NeedlingSession) -> str:
    """What tells one text of a draft from the next: its newest change, and how many reasons were given."""
    newest = max(versions(session).values(), default=0)
    return f"{newest}-{len(session.part_overrides)}"


def questions_for(
    session: NeedlingSession, sites: Iterable[needled_site.Site]
) -> list[needled_site.Question]:
    """Everything that this draft asks a reason for. Needs the session of `drafts.with_parts`."""
    return prompts_of(
        sites, limits_of(session), other_care=session.other_care, coded_today=coded_today(session)
    )


def limits_of(session: NeedlingSession) -> needled_site.Limits:
    """The profile under which the session was opened, and the regions of its consent."""
    profile = session.jurisdiction
    return needled_site.Limits(
        jurisdiction=profile.name,
        max_dwell_seconds=profile.max_dwell_seconds,
        stimulation_allowed=profile.stimulation_allowed,
        one_needle_per_insertion=profile.one_needle_per_insertion,
        local_points_only=profile.local_points_only,
        added_modality_allowed=profile.added_modality_allowed,
        # the text itself stands first; the rest says who quoted it
        source=profile.source.partition(";")[0],
        suggested=suggested(session),
        concerns=concerns(session),
        consented=consented(session),
        covered=covered(session),
        refuses_outside=profile.outside_course == profile.OutsideCourse.STOP,
        avoided=avoided(session),
        consent_url=reverse("patients:consent-start", args=[session.patient.ref]),
    )


def prompts_of(sites, limits, *, other_care: str, coded_today) -> list[needled_site.Question]:
    found = entry.questions(sites, limits, other_care=other_care)
    return [*found, *billing.day_questions(coded_today)]


def needle_stock(session) -> str:
    """The sizes of needles that the practice has, as it wrote them."""
    return session.part_practice[0]["needle_stock"]
