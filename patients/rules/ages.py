"""Ages in years and months, and dates some months later."""

import calendar
import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# source: 755 ILCS 5/11-1, as in minors.uslegal.com/age-of-majority; Alabama and Nebraska say 19
ADULT_AGE = 18


def age_on(born: dt.date, on: dt.date) -> int:
    """Whole years. After a birth on February 29 the year is complete on March 1."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def is_minor(born: dt.date, *, on: dt.date) -> bool:
    return age_on(born, on) < ADULT_AGE


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def age_words(born: dt.date, on: dt.date) -> str:
    """“40 years”, or months below two years of age, as a pediatric chart says it."""
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if months >= 24:
        years = months // 12
        return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
    if months == 0:
        return _("under 1 month")
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
