"""How urgent a warning sign is: by the sign, what was needled, and the hours since the session."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic import formats
from clinic.values.words import Text
from treatments.models import NeedledPlace, Urgency

KINDS = {
    Urgency.CALL: "caution",
    Urgency.SEEN: "caution",
    Urgency.EMERGENCY_ROOM: "stop",
    Urgency.EMERGENCY: "stop",
}
# What the patient is told. For 911 the practice's own words, in its settings, follow.
TELL: dict[int, Text] = {
    Urgency.CALL: gettext_lazy("A therapist calls you today. If it gets worse, call 911."),
    Urgency.SEEN: gettext_lazy(
        "Be seen by a physician today. If the office is closed, go to an emergency room."
    ),
    Urgency.EMERGENCY_ROOM: gettext_lazy("Go to an emergency room today."),
    Urgency.EMERGENCY: gettext_lazy("Call 911 now. Do not drive yourself. Do not wait for us."),
}


@dataclass(frozen=True)
class Situation:
    """What was needled (`NeedledPlace`s) and how long ago the session ended; None: it is not known."""

    places: Collection[str]
    since: dt.timedelta | None


@dataclass(frozen=True)
class Level:
    """One row of the table of levels. `urgency` is what acts: the lead's decision, else as published.

    `is_outdated`: an update changed it since that decision. Until the next one the graver acts.
    """

    code: str
    sign: str
    place: str
    until_hours: int | None
    published: int
    decided: int | None = None
    is_outdated: bool = False

    @property
    def urgency(self) -> int:
        if self.decided is None:
            return self.published
        return max(self.published, self.decided) if self.is_outdated else self.decided

    @property
    def is_approved(self) -> bool:
        return self.decided is not None and not self.is_outdated


def levels(rows: Iterable[Mapping]) -> list[Level]:
    """From the columns of `treatments.selectors.followups.warning_levels`."""
    return [
        Level(
            row["code"],
            row["sign"],
            row["place"],
            row["until_hours"],
            row["urgency"],
            decided=row["decided"],
            is_outdated=bool(row["is_outdated"]),
        )
        for row in rows
    ]


def fits(level: Level, situation: Situation) -> bool:
    """The bound itself is within; where the hours are not known, the level fits."""
    if level.place and level.place not in situation.places:
        return False
    if level.until_hours is None or situation.since is None:
        return True
    return situation.since <= dt.timedelta(hours=level.until_hours)


def of_sign(sign: str, situation: Situation, table: Iterable[Level]) -> int:
    """The gravest level that fits. A sign that nobody weighed is an emergency."""
    fitting = [level.urgency for level in table if level.sign == sign and fits(level, situation)]
    return max(fitting, default=int(Urgency.EMERGENCY))


def gravest(signs: Iterable[str], situation: Situation, table: Collection[Level]) -> int | None:
    """Of a reply with several signs; None without a sign."""
    return max((of_sign(sign, situation, table) for sign in signs), default=None)


def label(urgency: int | None) -> str:
    """“911 now”. Reports of before have no level: each of their signs was an emergency."""
    return str(Urgency(urgency or Urgency.EMERGENCY).label)


def tell(urgency: int | None, *, emergency: str) -> str:
    """What the patient is told. The practice's own words may name other signs than the one that was told."""
    if urgency in (None, Urgency.EMERGENCY):
        return f"{TELL[Urgency.EMERGENCY]} {emergency}"
    return str(TELL[urgency])


@dataclass(frozen=True)
class LevelLine:
    """A level as the lead reads it. The newest decision, where there is one, with who took it."""

    level: Level
    question: str
    source: str
    decided_at: dt.datetime | None = None
    decided_by: str = ""
    reason: str = ""

    @property
    def code(self) -> str:
        return self.level.code

    @property
    def when(self) -> str:
        return when(self.level)

    @property
    def acts(self) -> str:
        return label(self.level.urgency)

    @property
    def published(self) -> str:
        return label(self.level.published)

    @property
    def is_changed(self) -> bool:
        return self.level.urgency != self.level.published

    @property
    def not_approved(self) -> str:
        if self.level.is_outdated:
            sentence = _("Changed by an update since %(who)s decided. Decide it anew.")
            return sentence % {"who": self.decided_by}
        return _("Not approved yet")

    @property
    def is_approved_at_once(self) -> bool:
        """Whether one press approves it: another level than the published one asks for its reason."""
        return not (self.level.is_approved or self.is_changed)


@dataclass(frozen=True)
class AskedSign:
    """A question of the call, with what a yes asks for in this situation."""

    code: str
    question: str
    name: str
    urgency: int
    levels: tuple[Level, ...]

    @property
    def label(self) -> str:
        return label(self.urgency)

    @property
    def kind(self) -> str:
        return KINDS[Urgency(self.urgency)]


@dataclass(frozen=True)
class Guide:
    """What the caller says at each urgency, [(label, sentence)], and how many levels nobody approved."""

    tells: list[tuple[str, str]]
    unapproved: str


def guide(signs: Iterable[AskedSign], *, emergency: str) -> Guide:
    asked = list(signs)
    found = sorted({sign.urgency for sign in asked}, reverse=True)
    tells = [(label(urgency), tell(urgency, emergency=emergency)) for urgency in found]
    return Guide(tells, unapproved_words([level for sign in asked for level in sign.levels]))


FILE_HEAD = (
    gettext_lazy("Warning sign"), gettext_lazy("When"), gettext_lazy("Acts as"), gettext_lazy("Published"),
    gettext_lazy("Source"), gettext_lazy("Approved by"), gettext_lazy("Approved on"),
    gettext_lazy("Why changed"),
)  # fmt: skip


def table(lines: Iterable[LevelLine]) -> tuple[tuple, list[list]]:
    """The levels as a file. One that is not approved names nobody."""
    return FILE_HEAD, [
        [line.question, line.when, line.acts, line.published, line.source, *_approval(line)] for line in lines
    ]


def _approval(line: LevelLine) -> list[str]:
    if not line.level.is_approved:
        return ["", "", ""]
    return [line.decided_by, formats.day(line.decided_at), line.reason]


def unapproved_words(table: Collection[Level]) -> str:
    """“5 levels are proposals that no clinical lead has approved yet.” Empty when all are approved."""
    count = sum(not level.is_approved for level in table)
    if not count:
        return ""
    sentence = ngettext(
        "%(count)d level is a proposal that no clinical lead has approved yet.",
        "%(count)d levels are proposals that no clinical lead has approved yet.",
        count,
    )
    return sentence % {"count": count}


def when(level: Level) -> str:
    """“Over the lung, up to 72 h after”"""
    place = str(NeedledPlace(level.place).label) if level.place else _("After any site")
    if level.until_hours is None:
        return place
    return _("%(place)s, up to %(hours)s h after") % {"place": place, "hours": level.until_hours}
