"""Medicare notices of non-coverage: which one is for a treatment, and the modifiers that follow from it.

Medicare never pays a physical therapist for dry needling, so no notice is required; a voluntary one tells the
patient what it costs. Who gives a mandatory notice expects a denial instead.
source: facts-2026-11 Billing; apta.org/article/2022/02/02/dry-needling-abn-update (never covered);
apta.org/PTinMotion/2020/2/ComplianceMatters (voluntary notice, GX); bcidaho.com/providers/Policies/pap248.asp
(GA, GZ, and GX beside GY); form instructions, omb.report/icr/201605-0938-006 (before the service);
apsmedbill.com (voluntary: no option, no signature); medicarepaymentandreimbursement.com 2011/11 (option 2: no
claim); miravistallc.com on MM12242 (a course's notice states items, reason and duration; a change of care,
health or coverage wants a new one).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import formats
from clinic.models.rows import day, instant
from clinic.values.errors import CAUTION, Reason
from patients.models import NonCoverageNotice

Kind, Option = NonCoverageNotice.Kind, NonCoverageNotice.Option
FORM = "CMS-R-131"
# From this day on, a form whose printed expiration date is before the day beside it is not valid.
# source: apsmedbill.com/whitepapers/medicare-abn-non-coverage; bmdllc.com, CMS requires providers to use an
# updated ABN form by May 12, 2026 (approved through March 31, 2029)
FORMS = (
    (dt.date(2023, 6, 30), dt.date(2026, 1, 31)),
    (dt.date(2026, 5, 13), dt.date(2029, 3, 31)),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as the rules read it. `given_at` is None where only the day is known."""

    kind: str
    given_on: dt.date
    for_on: dt.date
    given_at: dt.datetime | None = None
    until_on: dt.date | None = None
    is_signed: bool = False
    option: str = ""
    form_expires_on: dt.date | None = None
    ended_at: dt.datetime | None = None
    items: str = ""
    reason: str = ""
    estimated_cost: Decimal | None = None

    @property
    def last_on(self) -> dt.date:
        return self.until_on or self.for_on

    @property
    def is_mandatory(self) -> bool:
        return self.kind == Kind.MANDATORY

    def is_for(self, at: dt.datetime) -> bool:
        """Whether it is for a treatment that begins at this instant, in time or not."""
        stood = self.ended_at is None or self.ended_at > at
        return stood and self.for_on <= timezone.localdate(at) <= self.last_on

    def is_in_time(self, at: dt.datetime) -> bool:
        """Given before the treatment. A day without a time says so only of the days after it."""
        if self.given_at is None:
            return self.given_on < timezone.localdate(at)
        return self.given_at <= at

    def precedence(self, at: dt.datetime) -> tuple[bool, dt.date, float]:
        return self.is_in_time(at), self.given_on, self.given_at.timestamp() if self.given_at else 0

    @property
    def is_on_old_form(self) -> bool:
        needed = form_needed(self.given_on)
        return needed is not None and (self.form_expires_on is None or self.form_expires_on < needed)


@dataclass(frozen=True)
class Modifiers:
    """The modifiers proposed for the code of a treatment, such as GX and GY, and why. None: no claim line."""

    codes: tuple[str, ...] = ()
    reason: str = ""

    @property
    def words(self) -> str:
        return " ".join(self.codes)


@dataclass(frozen=True)
class MedicareFacts:
    """What is on file of somebody whom Medicare insures, every notice that was given included.

    `changed_at`: when a condition was recorded or a health answer that says caution or stop was given last.
    """

    notices: tuple[Notice, ...] = field(default=())
    changed_at: dt.datetime | None = None


def notice_of(row: Mapping) -> Notice:
    """A row of `RelatedRows` as the rules read it."""
    return Notice(
        kind=row["kind"],
        given_on=day(row["given_on"]),
        for_on=day(row["for_on"]),
        given_at=instant(row["given_at"]),
        until_on=day(row["until_on"]),
        is_signed=bool(row["is_signed"]),
        option=row["option"],
        form_expires_on=day(row["form_expires_on"]),
        ended_at=instant(row["ended_at"]),
        items=row["items"],
        reason=row["reason"],
        estimated_cost=None if row["estimated_cost"] is None else Decimal(str(row["estimated_cost"])),
    )


def lines(notice: Notice) -> list[str]:
    """What the notice says, in the words of a list."""
    given = {"day": formats.day(notice.given_on)}
    said = [_("given and signed %(day)s") % given if notice.is_signed else _("given %(day)s") % given]
    said.append(_treatment(notice))
    if notice.option:
        said.append(str(Option(notice.option).label))
    said += [text for text in (notice.items, notice.reason) if text]
    if notice.estimated_cost is not None:
        said.append(_("estimated $%(cost)s") % {"cost": formats.decimal(float(notice.estimated_cost), 2)})
    if notice.form_expires_on:
        expires = formats.day(notice.form_expires_on)
        said.append(_("form %(form)s to %(day)s") % {"form": FORM, "day": expires})
    return said


def _treatment(notice: Notice) -> str:
    words = {"first": formats.day(notice.for_on), "last": formats.day(notice.last_on)}
    if notice.until_on is None:
        return _("for the treatment of %(first)s") % words
    return _("for treatment from %(first)s to %(last)s") % words


def form_needed(on: dt.date) -> dt.date | None:
    """The expiration date that a form given on a day carries at least. None: not known."""
    return next((expires for since, expires in reversed(FORMS) if on >= since), None)


def notice_for(notices: Iterable[Notice], *, at: dt.datetime) -> Notice | None:
    """The newest notice for a treatment that begins at this instant; one that came in time first."""
    found = [notice for notice in notices if notice.is_for(at)]
    return max(reversed(found), key=lambda notice: notice.precedence(at), default=None)


def modifiers(notices: Iterable[Notice], *, at: dt.datetime) -> Modifiers:
    """The modifiers of a treatment that began at this instant. The biller decides."""
    notice = notice_for(notices, at=at)
    if notice is None:
        return Modifiers(("GY",), _("Medicare does not cover it, and no notice was given."))
    given = {"day": formats.day(notice.given_on)}
    # what is chosen after the treatment began is no choice about it
    option = "" if notice.given_at and notice.given_at > at else notice.option
    if option == Option.DECLINE:
        return Modifiers((), _("The notice of %(day)s says that the patient does not want it.") % given)
    if option == Option.NO_BILL:
        return Modifiers((), _("The patient chose on %(day)s that Medicare is not billed.") % given)
    if notice.is_mandatory:
        return _of_mandatory(notice, given, at=at)
    why = _("Medicare does not cover it. The notice of %(day)s came after it began.")
    if not notice.is_in_time(at):
        return Modifiers(("GY",), why % given)
    why = _("Medicare does not cover it. A voluntary notice was given %(day)s.")
    return Modifiers(("GX", "GY"), why % given)


def _of_mandatory(notice: Notice, given: dict, *, at: dt.datetime) -> Modifiers:
    if not notice.is_in_time(at):
        said = _("A denial is expected. The notice of %(day)s was not signed before the treatment.") % given
    elif notice.is_on_old_form:
        said = _("A denial is expected. The form of the notice of %(day)s was out of date.") % given
    elif not notice.is_signed:
        said = _("A denial is expected. The notice of %(day)s was not signed.") % given
    else:
        return Modifiers(("GA",), _("A denial is expected, and the notice was signed %(day)s.") % given)
    return Modifiers(("GZ",), said)


def opening_reasons(facts: MedicareFacts | None, *, at: dt.datetime) -> list[Reason]:
    """What the notices mean for a treatment that begins now. None: Medicare does not insure the patient."""
    if facts is None:
        return []
    notice = notice_for(facts.notices, at=at)
    if notice is None:
        return [_missing(facts, at=at)]
    given = {"day": formats.day(notice.given_on)}
    if notice.option == Option.DECLINE:
        message = _(
            "The patient chose option 3 on the notice of %(day)s: they do not want dry needling. Offer other "
            "care, or give a new notice."
        )
        return [Reason("notice-declined", message % given)]
    found = []
    if notice.is_mandatory and notice.is_on_old_form:
        message = _(
            "The notice of %(day)s is on an old form %(form)s, which is not valid any more. Give a new one."
        )
        found.append(Reason("notice-on-old-form", message % {**given, "form": FORM}, CAUTION))
    if notice.until_on and facts.changed_at and timezone.localdate(facts.changed_at) > notice.given_on:
        message = _(
            "A condition or a health answer has changed since the notice of %(day)s. Where the treatment is "
            "another one now, give a new notice."
        )
        found.append(Reason("notice-before-a-change", message % given, CAUTION))
    return found


def _missing(facts: MedicareFacts, *, at: dt.datetime) -> Reason:
    on = timezone.localdate(at)
    over = [notice.last_on for notice in facts.notices if notice.last_on < on]
    if over:
        message = _(
            "Medicare does not pay a physical therapist for dry needling. The last notice was for treatment "
            "up to %(day)s. Give a new one before the treatment."
        ) % {"day": formats.day(max(over))}
        return Reason("notice-over", message, CAUTION)
    message = _(
        "Medicare does not pay a physical therapist for dry needling, and no notice is on file. None is "
        "required; a voluntary one tells the patient what it costs. Give it before the treatment."
    )
    return Reason("medicare-non-coverage", message, CAUTION)


def new_reasons(
    *,
    kind: str,
    given_at: dt.datetime,
    now: dt.datetime,
    for_on: dt.date,
    until_on: dt.date | None = None,
    form_expires_on: dt.date | None = None,
    items: str = "",
    reason: str = "",
    estimated_cost: Decimal | None = None,
    option: str = "",
    is_signed: bool = False,
) -> list[Reason]:
    """Why a notice cannot be recorded as it was typed."""
    found = _when(given_at, now, for_on, until_on)
    if kind == Kind.MANDATORY or until_on:
        found += _said(items, reason)
    if kind == Kind.MANDATORY:
        found += _of_the_patient(option, is_signed, estimated_cost)
        notice = Notice(kind, timezone.localdate(given_at), for_on, form_expires_on=form_expires_on)
        if notice.is_on_old_form:
            words = {"day": formats.day(form_needed(notice.given_on))}
            message = _("On that day a form that expires %(day)s or later was needed.") % words
            found.append(Reason("notice-on-old-form", message, field="form_expires_on"))
    return found


def _when(given_at, now, for_on, until_on) -> list[Reason]:
    found = []
    if given_at > now:
        message = _("That is still to come. Record a notice once it was given.")
        found.append(Reason("notice-to-come", message, field="given_at"))
    if until_on and until_on < for_on:
        message = _("This day is before the first treatment.")
        found.append(Reason("notice-ends", message, field="until_on"))
    if for_on < timezone.localdate(given_at):
        message = _("This day is before the notice was given. A notice comes before the treatment.")
        found.append(Reason("notice-too-late", message, field="for_on"))
    return found


def _said(items: str, reason: str) -> list[Reason]:
    found = []
    if not items.strip():
        message = _("Say what Medicare may not pay, as the form has it.")
        found.append(Reason("notice-without-items", message, field="items"))
    if not reason.strip():
        message = _("Say why Medicare may not pay, as the form has it.")
        found.append(Reason("notice-without-reason", message, field="reason"))
    return found


def _of_the_patient(option: str, is_signed: bool, estimated_cost: Decimal | None) -> list[Reason]:
    """A mandatory notice has all of it; a voluntary one needs neither a choice nor a signature."""
    found = []
    if estimated_cost is None:
        message = _("Enter the estimated cost, as the form has it.")
        found.append(Reason("notice-without-cost", message, field="estimated_cost"))
    if not option:
        message = _("Choose the option that the patient chose.")
        found.append(Reason("notice-without-option", message, field="option"))
    if not is_signed:
        message = _("A mandatory notice is signed. Record it once it is.")
        found.append(Reason("notice-unsigned", message, field="is_signed"))
    return found
