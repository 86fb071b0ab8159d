"""A new reference that another row has already is replaced, in every table that makes references."""

import datetime as dt
import itertools

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from clinic.models.references import TRIES, Referenced, ReferencedQuerySet
from clinic.values import references
from demo.setup.context import ReferenceGenerator
from patients.actions import patients, visits
from patients.models import Patient, Visit
from tests import factories
from treatments.actions.followups import calls
from treatments.actions.session import opening
from treatments.models import FollowUp, NeedlingSession

pytestmark = pytest.mark.django_db

MINTS = (references.patient_ref, references.record_ref)
TABLES = {
    model
    for app in ("clinic", "patients", "treatments")
    for model in apps.get_app_config(app).get_models()
    for field in model._meta.fields
    if field.default in MINTS
}


@pytest.fixture
def minted(monkeypatch):
    """minted(*refs): the next references that are made, before those by chance."""

    def make(*refs):
        coming, plain = itertools.chain(refs), references.mint
        monkeypatch.setattr(references, "mint", lambda length: next(coming, None) or plain(length))

    return make


def register(ada, by):
    return lambda: patients.register(by=by, family_name="Sample", given_name="Ben", born=dt.date(1990, 1, 2))


def book(ada, by):
    booking = {"location": factories.location(), "minutes": 30, "kind": Visit.Kind.FOLLOW_UP}
    return lambda: visits.book(ada, by=by, therapist=by, booked_for=timezone.now(), **booking)


def open_session(ada, by):
    visit, condition = factories.arrived(ada, by), factories.condition(factories.episode(ada, by), by)
    factories.screening(ada, by)
    factories.screening(ada, by, kind="visit", visit=visit)
    factories.consent(ada, by)
    return lambda: opening.open_session(ada, by=by, visit=visit, conditions=[condition])


def schedule(ada, by):
    session = factories.session(ada, by)
    return lambda: calls.schedule(session, by=by, at=timezone.now())[0]


WAYS = {Patient: register, Visit: book, NeedlingSession: open_session, FollowUp: schedule}
EACH = pytest.mark.parametrize("model", WAYS, ids=lambda model: model.__name__)


def standing(model, session):
    """A row of that table."""
    return factories.followup(session) if model is FollowUp else model.objects.first()


def copies(row, count: int) -> list:
    kept = [field for field in row._meta.concrete_fields if field.name not in ("id", "ref")]
    rows = [type(row)(**{field.attname: getattr(row, field.attname) for field in kept}) for _ in range(count)]
    for number, copy in enumerate(rows, start=1):
        if isinstance(copy, FollowUp):
            copy.step = 24 + number
        if isinstance(copy, NeedlingSession):
            copy.visit = factories.arrived(row.patient, row.therapist)
    return rows


def test_every_table_that_makes_references_replaces_taken_ones():
    assert WAYS.keys() == TABLES
    for model in TABLES:
        assert issubclass(model, Referenced)
        assert isinstance(model.objects.all(), ReferencedQuerySet)


@EACH
def test_a_taken_reference_is_replaced(model, reception, draft, minted):
    """Within the action's own transaction, which goes on."""
    row = standing(model, draft)
    act = WAYS[model](factories.patient(reception), draft.therapist)
    minted(*[row.ref] * 3)

    made = act()

    assert made.ref != row.ref
    assert set(model.objects.filter(ref__in=[row.ref, made.ref])) == {row, made}


@EACH
def test_many_rows_at_once_have_references_of_their_own(model, draft):
    """One has a reference that is stored already, two have the same one."""
    row = standing(model, draft)
    rows = copies(row, 3)
    rows[0].ref, rows[1].ref = row.ref, rows[2].ref

    with transaction.atomic():
        made = model.objects.bulk_create(iter(rows))

    refs = {row.ref, *(new.ref for new in made)}
    assert len(refs) == 4
    assert model.objects.filter(ref__in=refs).count() == 4


def test_a_reference_of_a_locked_row_is_replaced(draft):
    """On SQLite the lock's trigger refuses such a row before the constraint does."""
    NeedlingSession.objects.filter(pk=draft.pk).update(
        signed_at=timezone.now(), signed_by=draft.therapist, ended_at=timezone.now()
    )
    (row,) = copies(draft, 1)
    row.ref = draft.ref

    row.save()

    assert row.ref != draft.ref


@pytest.mark.parametrize("save", [lambda row: row.save(), lambda row: FollowUp.objects.bulk_create([row])])
@pytest.mark.parametrize("ref", ["taken", "free"])
def test_any_other_fault_is_raised_and_leaves_the_transaction_usable(draft, save, ref):
    stands = factories.followup(draft, step=24)
    twin = FollowUp(session=draft, step=24, due_at=timezone.now())
    if ref == "taken":
        twin.ref = stands.ref

    with pytest.raises(IntegrityError, match="step"), transaction.atomic():
        save(twin)

    assert FollowUp.objects.get() == stands


def test_chance_that_is_broken_ends_in_the_fault_itself(ada, reception, minted):
    minted(*[ada.ref] * (TRIES + 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.patient(reception)


def test_a_changed_row_keeps_its_reference(ada):
    ref = ada.ref
    ada.save(update_fields=["family_name"])
    ada.save()

    assert Patient.objects.get().ref == ref


def test_a_demo_never_makes_a_reference_twice():
    generator, found = ReferenceGenerator("a seed"), []
    for number in (*range(300), 31**5, 31**5 + 1, 999_999, 10**8):
        generator.begin(number)
        found += [generator.for_patient(), *(generator.for_record() for _ in range(20))]

    assert len(set(found)) == len(found)
    assert all(references.is_valid(ref) for ref in found)


def test_a_demo_of_more_patients_than_references_is_refused():
    generator = ReferenceGenerator("a seed")
    generator.begin(31**6)
    with pytest.raises(ValueError, match="887,503,681 references"):
        generator.for_patient()
