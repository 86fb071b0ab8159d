"""Days, times and numbers are written by `clinic.formats` alone; a table says what is for machines."""

import ast
import datetime as dt
import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import reset_format_cache

from clinic import formats
from clinic.rules import parsing
from clinic.rules.parsing import Unreadable
from tests import admin_pages, world
from tests.foreign_formats import foreign
from tests.treatments import notes
from treatments.models import Seal
from treatments.rules.session import sentences
from treatments.selectors.signing import reading
from treatments.selectors.signing import seal as seal_selectors

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("clinic", "patients", "treatments")
AFTERNOON = dt.datetime(2026, 11, 28, 20, 0, 5, tzinfo=dt.UTC)  # 2:00:05 PM in Chicago

AUDIT = "the chain of events: its bytes never change"
SEAL = "signed text: its bytes never change"
SHELL = "for whoever runs the server: UTC, sorted by its letters, as in the log"
NEEDLE = "the size of a needle: the name on its packet, and a value that a field posts"
CHANGES = "values of a change as they are recorded; pages word them by clinic.formats"
COOKIE = "a session's own value, read back by the product"
# Files that write or read a form for machines, and why: ISO days and instants, digits, file names.
MACHINES = {
    "clinic/audit/gaps.py": AUDIT,
    "clinic/audit/macs.py": AUDIT,
    "clinic/audit/recording.py": AUDIT,
    "clinic/audit/rows.py": AUDIT,
    "clinic/audit/verification.py": AUDIT,
    "clinic/backup/damage.py": SHELL,
    "clinic/backup/folder.py": "names of backup files",
    "clinic/backup/manifest.py": "the manifest of a backup, a JSON file",
    "clinic/django_internals/renderers.py": "renders Django's own widgets as its templates do",
    "clinic/management/commands/backup.py": SHELL,
    "clinic/management/commands/restore_drill.py": SHELL,
    "clinic/management/commands/move_record.py": SHELL,
    "clinic/actions/moving.py": SHELL,
    "clinic/moving/equality.py": SHELL,
    "clinic/management/commands/verify_record.py": SHELL,
    "clinic/forms/fields.py": "the calling hours as they are stored",
    "clinic/web/logs.py": "lines of the log",
    "clinic/web/metrics.py": "numbers for a monitor",
    "patients/actions/restrictions.py": "instants in the journal of a merge, a JSON value",
    "patients/management/bringing_in.py": SHELL,
    "clinic/models/rows.py": "days and instants out of a JSON value of a statement",
    "clinic/rules/charts/chart.py": "coordinates of a picture",
    "clinic/rules/form_baseline.py": "what a form showed, compared with itself",
    "clinic/signin/last_proof.py": COOKIE,
    "clinic/rules/practice.py": NEEDLE,
    "clinic/django_internals/template_nodes.py": "a number in a template, as Django writes it",
    "patients/management/commands/find_duplicates.py": SHELL,
    "patients/rules/identity/alike.py": "the digits of a birth date, to be mistyped",
    "patients/rules/visits/booking.py": "a token of a slot, compared with itself",
    "treatments/actions/adverse_events.py": CHANGES,
    "treatments/actions/practice_export.py": "the manifest of an export, a JSON file",
    "treatments/management/commands/export_practice.py": SHELL,
    "treatments/selectors/practice_export/values.py": "an export, for another program",
    "treatments/actions/followups/calls.py": CHANGES,
    "treatments/actions/sites/muscle_review.py": CHANGES,
    "treatments/forms/session/fields.py": "what <input type=date> posts and needs",
    "treatments/forms/sites/entry.py": NEEDLE,
    "treatments/management/commands/load_icd10cm.py": SHELL,
    "treatments/rules/audit.py": CHANGES,
    "treatments/rules/merging.py": "columns in the journal of a merge, which are put back from it",
    "treatments/rules/session/fields.py": CHANGES,
    "treatments/rules/session/sentences.py": SEAL,
    "treatments/rules/signing/reading.py": SEAL,
    "treatments/rules/signing/seal.py": SEAL,
    "treatments/rules/sites/origins.py": "where a value came from, as the page posts it",
    "treatments/selectors/audit.py": "the audit trail as CSV, for another program",
    "treatments/selectors/signing/own_rows.py": SEAL,
    "treatments/selectors/signing/seal.py": SEAL,
    "treatments/selectors/sites/entry.py": NEEDLE,
    "treatments/selectors/sites/past_visits.py": NEEDLE,
    "treatments/views/session/coediting.py": "an instant for the page's script",
    "treatments/views/session/page_parts.py": "where a value came from, as the page posts it",
}
METHODS = {"strftime", "strptime", "isoformat", "fromisoformat"}
DJANGOS = re.compile(r"django\.(utils\.(formats|dateformat|dateparse|numberformat)|contrib\.humanize)\b")
FILTER = re.compile(
    r"\|\s*(date|time|floatformat|intcomma|naturalday|naturaltime|localize)\b|\{%\s*now (?!'c')"
)
SCRIPT = re.compile(r"\.toLocale\w*|\bIntl\b|\bget(?:UTC)?(?:Hours|Minutes)\b|\ben-(?:GB|US)\b|toISOString")


def own_formats(source: str) -> set[str]:
    """What this Python code formats or parses by itself."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found.update(name for name in names if DJANGOS.match(name))
        elif isinstance(node, ast.Attribute) and node.attr in METHODS:
            found.add(node.attr)
        elif isinstance(node, ast.FormattedValue) and node.format_spec:
            found |= {spec for spec in _specs(node.format_spec) if re.search(r"%|,|\.\d+f", spec)}
        elif isinstance(node, ast.Constant) and re.search(r"%-?[YmdHMbBp]\b.?%-?[YmdHMbBp]", str(node.value)):
            found.add(node.value)
    return found


def _specs(spec: ast.expr) -> list[str]:
    return [part.value for part in ast.walk(spec) if isinstance(part, ast.Constant)]


def python_files() -> list[str]:
    paths = (path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
    names = sorted(path.relative_to(ROOT).as_posix() for path in paths)
    return [name for name in names if "/migrations/" not in name and not name.startswith("clinic/formats/")]


def test_only_the_format_module_and_what_is_for_machines_writes_days_and_numbers():
    found = {name: own_formats((ROOT / name).read_text()) for name in python_files()}

    assert {name: how for name, how in found.items() if how and name not in MACHINES} == {}
    assert {name for name in MACHINES if not found.get(name)} == set(), "they write nothing by themselves"


def test_templates_write_days_and_numbers_by_our_filters():
    paths = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    found = {path.name: FILTER.findall(path.read_text()) for path in paths}

    assert len(found) > 100
    assert {name: how for name, how in found.items() if how} == {}


def test_scripts_write_days_and_times_by_the_pattern_of_the_page():
    paths = [path for floor in FLOORS for path in (ROOT / floor / "static").rglob("*.js")]
    found = {path.name: SCRIPT.findall(path.read_text()) for path in paths}

    assert {name for name, how in found.items() if how} == {"formats.js"}


@pytest.mark.parametrize(
    "planted",
    [
        "at.strftime(shape)", 'f"{at:%H:%M}"', 'f"{on:%-d %b %Y}"', 'f"{count:,}"', 'f"{share:.1f}"',
        "from django.utils.formats import date_format", "from django.utils import dateformat",
        'SHAPE = "%d %b"', "on.isoformat()",
    ],
)  # fmt: skip
def test_a_day_that_code_writes_by_itself_is_seen(planted):
    assert own_formats(planted)


@pytest.mark.parametrize(
    "planted", ['{{ at|date:"j M" }}', "{{ at|time }}", "{{ x|floatformat:2 }}", "{% now 'H:i' %}"]
)
def test_a_day_that_a_template_writes_by_itself_is_seen(planted):
    assert FILTER.search(planted)


@pytest.mark.parametrize(
    "planted", ['at.toLocaleTimeString("en-GB")', "new Intl.DateTimeFormat()", "at.getHours()"]
)
def test_a_day_that_a_script_writes_by_itself_is_seen(planted):
    assert SCRIPT.search(planted)


@pytest.mark.parametrize(
    ("write", "text"),
    [
        (formats.day, "Nov 28, 2026"),
        (formats.short_day, "Nov 28"),
        (formats.spoken_day, "November 28, 2026"),
        (formats.long_day, "Saturday, November 28, 2026"),
        (formats.weekday_day, "Saturday, November 28"),
        (formats.weekday, "Saturday"),
        (formats.month, "November 2026"),
        (formats.year, "2026"),
        (formats.clock, "2:00 PM"),
        (formats.moment, "Nov 28, 2026, 2:00 PM"),
        (formats.exact_moment, "Nov 28, 2026, 2:00:05 PM"),
        (formats.exact_clock, "2:00:05 PM"),
        (formats.short_moment, "Nov 28, 2:00 PM"),
        (formats.weekday_clock, "Saturday 2:00 PM"),
        (formats.hour, "2 PM"),
        (formats.short_weekday, "Sat"),
        (formats.weekday_moment, "Saturday, November 28, 2:00 PM"),
        (formats.typed_day, "11/28/2026"),
        (formats.typed_moment, "11/28/2026 2:00 PM"),
        (formats.iso_day, "2026-11-28"),
    ],
)
def test_a_day_is_written_as_in_the_united_states(write, text):
    assert write(AFTERNOON) == text
    assert write(None) == ""


@pytest.mark.parametrize(
    ("year", "text"), [(2026, "Nov 28, 2:00 PM"), (2027, "Nov 28, 2026, 2:00 PM")], ids=["this", "another"]
)
def test_another_year_is_said(year, text):
    today = dt.date(year, 12, 1)

    assert formats.near_moment(AFTERNOON, today=today) == text
    assert formats.near_day(AFTERNOON.date(), today=today) == text.removesuffix(", 2:00 PM")


def test_numbers_have_their_separators():
    assert formats.whole(1234567) == "1,234,567"
    assert [formats.decimal(number, 2) for number in (0.5, 0.125, 3, None)] == ["0.50", "0.13", "3.00", ""]
    assert [formats.short_decimal(number, 1) for number in (2, 2.04, 2.25, 2.96)] == ["2", "2", "2.3", "3"]


def test_what_the_country_does_not_say_is_a_mistake():
    with pytest.raises(LookupError, match="NO_SUCH"):
        formats.of_country("NO_SUCH")


@pytest.mark.parametrize(
    "shown",
    [
        "<p>28 Nov 2026</p>", "<td>2026-11-28</td>", "<b>14:00</b>", "since 9:05", "<i>2 p.m.</i>",
        '<input type="text" name="at" value="14:05">', "noon", "3 November",
    ],
)  # fmt: skip
def test_what_no_american_writes_is_seen(shown):
    assert foreign(shown)


@pytest.mark.parametrize(
    "shown",
    [
        "Nov 28, 2026, 2:00 PM", '<time datetime="2026-11-28">Nov 28</time>', "Nov 28, 2026, 2:00:05 PM",
        '<input type="date" value="2026-11-28">', "Visit 3, Nov 28, 2026, 2:00 PM to 2:40 PM (40 minutes).",
    ],
)  # fmt: skip
def test_what_an_american_writes_passes(shown):
    assert not foreign(shown)


@pytest.mark.django_db
@pytest.mark.one_engine
def test_every_page_shows_american_days_and_times(practice):
    found = {}
    for role, address, state, response in world.walk(practice, roles=("author", "desk", "lead", "admin")):
        if seen := foreign(response.content.decode()):
            found[f"{address.name}, {state}, {role}"] = seen

    assert found == {}


@pytest.mark.django_db
@pytest.mark.one_engine
def test_the_administration_shows_american_days_and_times(practice):
    administrator = world.client_of(practice, "admin")
    found = {}
    for model in admin.site._registry.keys() - {Seal}:
        listed = administrator.get(admin_pages.list_address(model))
        rows = model._default_manager.all()[:1]
        pages = [listed, *(administrator.get(f"{admin_pages.row_address(row)}change/") for row in rows)]
        for page in pages:
            if page.status_code == 200 and (seen := foreign(page.content.decode())):
                found.setdefault(model.__name__, set()).update(seen)

    assert found == {}


@pytest.fixture
def britain(settings):
    settings.FORMAT_MODULE_PATH = "tests.other_country"
    reset_format_cache()
    yield
    reset_format_cache()


@pytest.fixture(autouse=True)
def own_country_again():
    """After `britain`, with its setting undone."""
    yield
    reset_format_cache()


@pytest.mark.usefixtures("britain")
def test_another_country_is_another_file():
    assert formats.moment(AFTERNOON) == "28 Nov 2026, 14:00"
    assert parsing.date("3/5/2026", today=dt.date(2026, 11, 28)) == dt.date(2026, 5, 3)
    with pytest.raises(Unreadable, match=re.escape("such as 23/5/1984")):
        parsing.birth_date("soon", today=dt.date(2026, 11, 28))


@pytest.mark.django_db
def test_pages_and_scripts_follow_the_country(draft, britain):
    client = Client()
    client.force_login(draft.therapist)
    board = client.get(reverse("treatments:today")).content.decode()
    page = client.get(draft.get_absolute_url()).content.decode()

    assert re.search(r"data-board-at>\d\d:\d\d<", board)
    assert 'data-clock="H:i"' in page
    assert 'data-day="j M"' in page
    assert re.search(r"Saved \d\d:\d\d\b", page)


@pytest.mark.django_db
def test_a_signed_text_has_the_same_bytes_in_every_country_and_language(draft, settings):
    note = notes.signed(draft, next_visit_on=dt.date(2026, 12, 1))
    row = reading.with_people(reading.notes().get(pk=note.pk))

    def said() -> list[str]:
        return sentences.session_sentences(row, seal_selectors.parts_of(row))

    here = said()
    settings.FORMAT_MODULE_PATH = "tests.other_country"
    reset_format_cache()
    abroad = said()
    with translation.override("de"):
        in_german = said()

    started = timezone.localtime(row.started_at or row.opened_at)
    assert (
        f"{started:%b} {started.day}, {started.year}, {started.hour % 12 or 12}:{started:%M %p} to" in here[0]
    )
    assert "Next visit Dec 1, 2026." in here
    assert here == abroad == in_german
