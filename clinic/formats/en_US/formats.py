"""How the United States write days, times and numbers. Another country is another file beside this one.

Django reads the first part for its own fields and lists; `clinic.formats` reads all of it.
"""

DATE_FORMAT = "M j, Y"
TIME_FORMAT = "g:i A"
DATETIME_FORMAT = "M j, Y, g:i A"
MONTH_DAY_FORMAT = "M j"
YEAR_MONTH_FORMAT = "F Y"
SHORT_DATE_FORMAT = "n/j/Y"
SHORT_DATETIME_FORMAT = "n/j/Y g:i A"
FIRST_DAY_OF_WEEK = 0
# The first of each is what a field shows; the others may be typed.
DATE_INPUT_FORMATS = ["%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y", "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y"]
TIME_INPUT_FORMATS = ["%I:%M %p", "%H:%M", "%H:%M:%S"]
DATETIME_INPUT_FORMATS = ["%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3

# What Django has no name for.
EXACT_FORMAT = "M j, Y, g:i:s A"
EXACT_TIME_FORMAT = "g:i:s A"
MONTH_DAY_TIME_FORMAT = "M j, g:i A"
HOUR_FORMAT = "g A"
WEEKDAY_FORMAT = "l"
SHORT_WEEKDAY_FORMAT = "D"
WEEKDAY_TIME_FORMAT = "l g:i A"
WEEKDAY_DAY_FORMAT = "l, F j"
WEEKDAY_DAY_TIME_FORMAT = "l, F j, g:i A"
LONG_DATE_FORMAT = "l, F j, Y"
SPOKEN_DATE_FORMAT = "F j, Y"

# The order of a day that is typed in digits alone, and how a refusal names one that no calendar has.
TYPED_ORDER = ("month", "day", "year")
ORDER_WORDS = "Month, day, year."
ORDER_ADVICE = "Write the month first, then the day."
NO_SUCH_DAY = "There is no {month} {day} in {year}."
# Days that can be read in one way only: there is no month 23.
BIRTH_DATE_EXAMPLE = "5/23/1984"
WORDED_DAY_EXAMPLE = "May 23, 1984"
DAY_EXAMPLE = "5/23/2026"
NEAR_DAY_EXAMPLE = "5/23"
ONSET_EXAMPLES = "March 2026, 2024 or 5/23/2026"
CLOCK_EXAMPLE = "9:30 AM"
HOUR_EXAMPLE = "2 PM"
HOURS_EXAMPLE = "8 AM to 8 PM"

PHONE_COUNTRY = "US"
PHONE_EXAMPLE = "(555) 555-0100"
PHONE_DIGITS = 10
