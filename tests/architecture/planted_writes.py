"""Planted writes outside the rooms that may write."""

from tests.architecture.plants import plant

PLANTS = {
    "a view saves a session": plant(
        "writes",
        "treatments/views/signing.py",
        """
def sign(request, session):
    session.save()  # breach
""",
    ),
    "a view deletes a session": plant(
        "writes",
        "treatments/views/signing.py",
        """
def drop(request, session):
    session.delete()  # breach
""",
    ),
    "a form deletes what it calls data": plant(
        "writes",
        "treatments/forms/sites.py",
        """
def clean(self, data):
    data.delete()  # breach
    return data
""",
    ),
    "a view updates what it calls values": plant(
        "writes",
        "patients/views/find.py",
        """
def page(request):
    values = Patient.objects.all()
    values.update(note="")  # breach
""",
    ),
    "a form saves itself": plant(
        "writes",
        "patients/forms/patients.py",
        """
class PatientForm(ModelForm):
    def save(self, commit=True):
        return super().save(commit)  # breach
""",
    ),
    "a view sets a many-to-many": plant(
        "writes",
        "treatments/views/muscles.py",
        """
def regions(request, muscle, chosen):
    muscle.regions.set(chosen)  # breach
""",
    ),
    "a view adds to a many-to-many": plant(
        "writes",
        "treatments/views/muscles.py",
        """
def regions(request, muscle, region):
    muscle.regions.add(region)  # breach
""",
    ),
    "a form clears a many-to-many": plant(
        "writes",
        "treatments/forms/muscles.py",
        """
class RegionsForm(Form):
    def clean(self):
        self.instance.regions.clear()  # breach
""",
    ),
    "a form removes from a many-to-many": plant(
        "writes",
        "treatments/forms/muscles.py",
        """
def drop(muscle, region):
    muscle.regions.remove(region)  # breach
""",
    ),
    "a view sends raw SQL": plant(
        "writes",
        "clinic/views/pages.py",
        """
def health(request):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clinic_practice SET name = ''")  # breach
""",
    ),
    "a form sends raw SQL kept in a constant": plant(
        "writes",
        "patients/forms/find.py",
        """
FORGET = "DELETE FROM patients_patient"

def clean(cursor):
    cursor.execute(FORGET)  # breach
""",
    ),
    "a view sends SQL that nobody can read here": plant(
        "writes",
        "clinic/views/pages.py",
        """
def ask(request, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)  # breach
""",
    ),
    "a query that writes behind a WITH": plant(
        "writes",
        "treatments/selectors/board.py",
        """
def rows(cursor):
    cursor.execute("WITH gone AS (DELETE FROM treatments_site RETURNING *) SELECT * FROM gone")  # breach
""",
    ),
    "an async view saves": plant(
        "writes",
        "treatments/views/presence.py",
        """
async def seen(request, session):
    await session.asave()  # breach
    await session.presences.aclear()  # breach
""",
    ),
    "a view hands a write on uncalled": plant(
        "writes",
        "treatments/views/signing.py",
        """
def later(request, session):
    transaction.on_commit(session.save)  # breach
""",
    ),
    "a view asks for a write by its name": plant(
        "writes",
        "treatments/views/signing.py",
        """
def later(request, session):
    getattr(session, "delete")()  # breach
    list(map(methodcaller("save"), [session]))  # breach
""",
    ),
    "a row behind the annotation of a dictionary": plant(
        "writes",
        "treatments/forms/sites.py",
        """
def clean(data: dict, found=None):
    found = {"session": found}
    data.delete()  # breach
    found["session"].save()  # breach
""",
    ),
    "a row inside a related manager that a value also has": plant(
        "writes",
        "treatments/views/sites.py",
        """
def page(request, session):
    session.sites.update(struck=True)  # breach
    session.sites.clear()  # breach
""",
        treatments__rules__sites="class Draft:\n    sites: list[int]\n",
        treatments__models__site='session = ForeignKey(NeedlingSession, related_name="sites")\n',
    ),
    "a view locks rows": plant(
        "writes",
        "treatments/views/signing.py",
        """
def sign(request, pk):
    return NeedlingSession.objects.select_for_update().get(pk=pk)  # breach
""",
    ),
    "a view creates rows": plant(
        "writes",
        "patients/views/visits.py",
        """
def book(request, patient):
    Visit.objects.create(patient=patient)  # breach
    Visit.objects.bulk_create([Visit(patient=patient)])  # breach
    patient.visits.get_or_create(pk=1)  # breach
""",
    ),
    "a name that is a dictionary only sometimes": plant(
        "writes",
        "treatments/views/record.py",
        """
def page(request, session):
    target = {}
    if request.POST:
        target = session
    target.update(note="")  # breach
""",
    ),
    "a session of needling in the place of the request's": plant(
        "writes",
        "treatments/views/session.py",
        """
def page(request, draft):
    draft.session.update(note="")  # breach
    draft.session.save()  # breach
""",
    ),
    "a selector updates": plant(
        "writes",
        "treatments/selectors/drafts.py",
        """
def touched(session):
    NeedlingSession.objects.filter(pk=session.pk).update(seen=True)  # breach
    return session
""",
    ),
    "a selector saves": plant(
        "writes",
        "patients/selectors/strip.py",
        """
def strip(patient):
    patient.save(update_fields=["name"])  # breach
""",
    ),
    "rules update and delete": plant(
        "writes",
        "treatments/rules/signing.py",
        """
def tidy(sites):
    sites.update(struck=True)  # breach
    sites.delete()  # breach
""",
    ),
    "a template tag saves": plant(
        "writes",
        "clinic/templatetags/look.py",
        """
@register.simple_tag
def seen(user):
    user.save()  # breach
""",
    ),
    "a management command deletes": plant(
        "writes",
        "clinic/management/commands/tidy.py",
        """
class Command(BaseCommand):
    def handle(self, *args, **options):
        User.objects.filter(active=False).delete()  # breach
""",
    ),
    "a verb in a model's room": plant(
        "writes",
        "treatments/models/session.py",
        """
class NeedlingSession(Model):
    def sign(self, by):
        self.save(update_fields=["signed_by"])  # breach
""",
    ),
    "an app's wiring writes outside its receivers": plant(
        "writes",
        "patients/wiring.py",
        """
def wire(app):
    post_migrate.connect(after_migrate, sender=app)
    Practice.objects.update(name="")  # breach

def after_migrate(sender, **kwargs):
    Practice.objects.get_or_create(pk=1)
""",
    ),
}
