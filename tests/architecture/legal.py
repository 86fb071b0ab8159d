"""Code that looks like a breach and is none: each wall has to leave these alone."""

from tests.architecture.planted_arrows import SESSION
from tests.architecture.planted_rules import LISTED
from tests.architecture.plants import plant

PLANTS = {
    "dictionaries, sets and lists": plant(
        "writes",
        "treatments/views/board.py",
        """
def page(request):
    context = {"a": 1}
    context.update(b=2)
    asks = set()
    asks.add("password")
    asks.remove("password")
    rows = [1]
    rows.clear()
    groups = {}
    groups.setdefault("a", set()).add(1)
    groups["a"].update({2})
""",
    ),
    "annotated parameters and results": plant(
        "writes",
        "treatments/selectors/board.py",
        """
def page(found: dict[str, set[str]], names: "set[str] | None" = None, **more):
    found["a"].add("b")
    names.add("b")
    more.update(found)
    told().update(found)

def told() -> dict:
    return {}
""",
    ),
    "the login session, the query string and headers": plant(
        "writes",
        "patients/views/find.py",
        """
def page(request):
    request.session.update(a=1)
    request.session.clear()
    query = request.GET.copy()
    query.update({"page": 2})
    response = answer(request)
    response.headers.update({"A": "b"})
""",
    ),
    "hashes and buffers of the standard library": plant(
        "writes",
        "patients/rules/identity.py",
        """
import hashlib
import io

def digest(text):
    made = hashlib.sha256()
    made.update(text)
    held = io.BytesIO()
    held.update(text)
    return made.hexdigest()
""",
    ),
    "a class that only collects": plant(
        "writes",
        "clinic/management/commands/verify_record.py",
        """
class Found:
    def add(self, fault):
        self.faults = [fault]

def told(found: "Found"):
    found.add(1)
    Found().add(2)
""",
    ),
    "the login session kept": plant(
        "writes",
        "clinic/views/signin.py",
        """
def page(request):
    request.session.save()
""",
    ),
    "widgets and errors of a form": plant(
        "writes",
        "patients/forms/find.py",
        """
class FindForm(Form):
    def __init__(self, data):
        self.fields["name"].widget.attrs.update(autofocus=True)
        self.errors.clear()
        self.cleaned_data.update(name=self.data.get("name"))
""",
    ),
    "actions that are called by module": plant(
        "writes",
        "treatments/views/sites.py",
        """
from django.contrib import messages
from treatments.actions import sites, signing as signing_actions

def add(request):
    sites.add(request.POST, by=request.user)
    signing_actions.delete(1)
    messages.add_message(request, 1, "Added.")
""",
        treatments__actions__sites="",
        treatments__actions__signing="",
    ),
    "reading SQL": plant(
        "writes",
        "clinic/views/pages.py",
        """
def health(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
""",
    ),
    "a registry of another module": plant(
        "writes",
        "patients/wiring.py",
        """
from clinic.audit import codes

def wire(app):
    codes.SENTENCES.update({"patient.opened": "opened"})
""",
        clinic__audit__codes="SENTENCES: dict[str, str] = {}\n",
    ),
    "actions, receivers and a model's own save": plant(
        "writes",
        "patients/models/base.py",
        """
class Guarded(Model):
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
""",
    ),
    "an action that writes": plant(
        "writes",
        "patients/actions/visits.py",
        """
def book(patient):
    Visit.objects.create(patient=patient).save()
""",
    ),
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
