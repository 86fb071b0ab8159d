"""Code that looks like a breach and is none: each wall has to leave these alone."""

from tests.architecture.planted_arrows import SESSION
from tests.architecture.planted_rules import LISTED
from tests.architecture.plants import plant

PLANTS = {
    "a receiver in an app's wiring": plant(
        "receivers",
        "clinic/wiring.py",
        """
def wire(app):
    user_logged_in.connect(signed_in)

def signed_in(sender, request, user, **kwargs):
    return user
""",
    ),
    "dictionaries and strings in rules": plant(
        "queries",
        "treatments/rules/signing.py",
        """
def counted(found: dict[str, int], text: str):
    for value in found.values():
        yield value + text.count("a")
    yield {}.get("a", 1)
    yield list(filter(None, found))
""",
    ),
    "filters of a template library": plant(
        "queries",
        "clinic/templatetags/look.py",
        """
from django import template

register = template.Library()

@register.filter
def of(form, name):
    return form[name]
""",
    ),
    "a given instant in rules": plant(
        "clock",
        "treatments/rules/signing.py",
        """
import datetime as dt
from django.utils import timezone

def words(at, now):
    return timezone.localtime(at), timezone.localdate(now), dt.datetime.combine(at, dt.time())
""",
    ),
    "an amendment request that is no HTTP request": plant(
        "requests",
        "treatments/actions/amendments.py",
        """
def answer(request: Addendum, *, by):
    return request
""",
    ),
    "a mail that an action fills": plant(
        "pages",
        "clinic/actions/reminders.py",
        """
from django.template.loader import render_to_string

def remind(user):
    return render_to_string("emails/reminder.txt", {"user": user})
""",
    ),
    "a view on all rooms below": plant(
        "rooms",
        "treatments/views/signing.py",
        """
from clinic import access
from patients.actions import visits
from patients.forms import visits as visit_forms
from patients.views import reach
from treatments.actions import signing
from treatments.forms import signing as signing_forms
from treatments.models import NeedlingSession
from treatments.rules import signing as signing_rules
from treatments.selectors import signing as signing_selectors
""",
        clinic__access__grants="",
    ),
    "models and rules of the floor below": plant(
        "rooms",
        "treatments/rules/signing.py",
        """
from clinic.values import errors
from patients.models import Patient
from patients.rules import validity
""",
        clinic__values__errors="",
    ),
    "an accessor of the same floor": plant(
        "accessors",
        "treatments/selectors/record.py",
        """
def newest(patient):
    return patient.sessions.first()
""",
        treatments__models__session=SESSION,
    ),
    "an accessor whose name the lower floor has too": plant(
        "accessors",
        "patients/selectors/record.py",
        """
from patients.models import Visit

def newest(visit: Visit):
    return visit.sessions
""",
        treatments__models__session=SESSION,
        patients__models__visit="class Visit:\n    sessions = 3\n",
    ),
    "an annotation of that name": plant(
        "accessors",
        "patients/selectors/record.py",
        """
def counted(patients):
    return patients.annotate(sessions=Count("visits"))
""",
        treatments__models__session=SESSION,
    ),
    "an app that imports its own wiring late": plant(
        "strings",
        "patients/apps.py",
        """
from importlib import import_module

wire = import_module("patients.wiring").wire
label = "clinic.User"
""",
    ),
    "a label that somebody registers": plant(
        "strings",
        "clinic/catalogues/files.py",
        """
def model_of(catalogue):
    return apps.get_model(catalogue.model)
""",
    ),
    "own paths, and the names upstairs that are agreed": plant(
        "addresses",
        "patients/views/find.py",
        '''
"""Answers at /sessions/open/."""

NEXT = ("/patients/find/", "patients:find", "treatments:record", "a: b", "14:30")
''',
        patients__urls='urlpatterns = [path("patients/find/", find.page)]\n',
    ),
    "a listed capability": plant(
        "capabilities",
        "treatments/rules/signing/readiness.py",
        "",
        treatments__capabilities=LISTED,
    ),
    "what Django wires": plant(
        "capabilities",
        "treatments/apps.py",
        "",
        treatments__capabilities=LISTED,
    ),
    "a function of many short steps": plant(
        "branches",
        "patients/views/find.py",
        "def page(x):\n    def inner(y):\n        return y or x\n" + "    x = 1 if x else 2\n" * 10,
    ),
}
