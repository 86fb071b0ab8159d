"""The levels of the warning signs, and what was needled in a session."""

import datetime as dt

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When

from clinic.django_internals.prepared import PreparedQuery
from clinic.models.rows import RelatedRows
from treatments.models import LevelDecision, NeedleSite, WarningSign, WarningSignLevel
from treatments.rules.followups import warning_levels
from treatments.rules.followups.warning_levels import AskedSign, Level, LevelLine, Situation
from treatments.rules.sites import places

LEVEL = ("code", "place", "until_hours", "urgency", "decided", "is_outdated")


def current() -> QuerySet[WarningSignLevel]:
    """The levels of signs that are asked, with the urgency that a lead decided last."""
    newest = LevelDecision.objects.filter(level=OuterRef("pk")).order_by("-pk")
    rows = WarningSignLevel.objects.current().filter(sign__retired_at=None)
    about = {"decided": "urgency", "decided_at": "decided_at"}
    rows = rows.annotate(**{name: Subquery(newest.values(column)[:1]) for name, column in about.items()})
    changed = Q(facts_changed_at__gte=F("decided_at")) | Q(sign__facts_changed_at__gte=F("decided_at"))
    return rows.annotate(is_outdated=Case(When(changed, then=Value(True)), default=Value(False)))


def table() -> list[Level]:
    columns = (*LEVEL, "sign__code")
    rows = current().order_by("position", "code").values(*columns)
    return warning_levels.levels({**row, "sign": row["sign__code"]} for row in rows)


def lines() -> list[LevelLine]:
    """Every level with what was decided about it last, in one query."""
    newest = LevelDecision.objects.filter(level=OuterRef("pk")).order_by("-pk")
    about = {name: Subquery(newest.values(name)[:1]) for name in ("decided_by_name", "reason")}
    rows = current().annotate(**about).select_related("sign").order_by("sign__position", "position")
    return [_line(row) for row in rows]


def _line(row) -> LevelLine:
    columns = {name: getattr(row, name) for name in LEVEL}
    (level,) = warning_levels.levels([{**columns, "sign": row.sign.code}])
    decided = {
        "decided_at": row.decided_at,
        "decided_by": row.decided_by_name or "",
        "reason": row.reason or "",
    }
    return LevelLine(level, row.sign.question, row.source, **decided)


def signs_with_levels() -> list[WarningSign]:
    """The warning signs that are asked, each with its levels in the same query."""
    return SIGNS_WITH_LEVELS()


def _signs_with_levels() -> QuerySet[WarningSign]:
    of_sign = current().filter(sign=OuterRef("pk")).order_by("position", "code")
    columns = {name: name for name in LEVEL}
    return WarningSign.objects.current().annotate(
        level_rows=RelatedRows(of_sign, sign="sign__code", **columns)
    )


SIGNS_WITH_LEVELS = PreparedQuery(_signs_with_levels)


def asked_in(situation: Situation) -> list[AskedSign]:
    """The questions with the urgency of a yes in this situation."""
    return [_asked(sign, situation) for sign in signs_with_levels()]


def _asked(sign, situation: Situation) -> AskedSign:
    table = warning_levels.levels(sign.level_rows)
    urgency = warning_levels.of_sign(sign.code, situation, table)
    return AskedSign(sign.code, sign.question, sign.short_name or sign.question, urgency, tuple(table))


def needled_places(session) -> frozenset[str]:
    """What lies under the standing sites of a session."""
    sites = NeedleSite.objects.standing().filter(session=session)
    rows = sites.values_list(*places.COLUMNS.values())
    return places.of_rows(dict(zip(places.COLUMNS, row, strict=True)) for row in rows)


def situation_of(session, *, at: dt.datetime) -> Situation:
    return Situation(needled_places(session), since(session, at=at))


def since(session, *, at: dt.datetime) -> dt.timedelta | None:
    """How long after the end of the session that is; of one that never ended, after its start."""
    ended = session.ended_at or session.started_at
    return None if ended is None else at - ended
