"""How Britain writes days and times. All else is as in the United States."""

from clinic.formats.en_US.formats import *  # noqa: F403

DATE_FORMAT = SPOKEN_DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
HOUR_FORMAT = "G"
DATETIME_FORMAT = "j M Y, H:i"
MONTH_DAY_FORMAT = "j M"
MONTH_DAY_TIME_FORMAT = "j M, H:i"
SHORT_DATE_FORMAT = "j/n/Y"
SHORT_DATETIME_FORMAT = "j/n/Y H:i"
LONG_DATE_FORMAT = "l j F Y"
TYPED_ORDER = ("day", "month", "year")
BIRTH_DATE_EXAMPLE = "23/5/1984"
NO_SUCH_DAY = "There is no {day} {month} in {year}."
