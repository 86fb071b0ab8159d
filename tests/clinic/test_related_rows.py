"""What a list that the database made says is read as its row would be, on both engines."""

import uuid

import pytest
from django.db.models import OuterRef

from clinic.models import FormKey, Jurisdiction, Location, User
from clinic.models.rows import Beside, RelatedRows, put_beside, read_beside, stored_key
from tests import factories
from treatments.models import NeedlingSession
from treatments.rules.session.opened_under import JurisdictionRules

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(reception, therapist):
    return factories.session(factories.patient(reception), therapist)


def test_a_key_is_spelled_as_that_of_a_row(therapist):
    key = uuid.uuid4()
    FormKey.objects.create(user=therapist, key=key, action="test")
    keys = RelatedRows(FormKey.objects.filter(user=OuterRef("pk")), key="key")

    (found,) = User.objects.annotate(keys=keys).get(pk=therapist.pk).keys

    assert stored_key(found["key"]) == str(key)


def test_no_key_is_the_empty_text():
    assert stored_key(None) == ""


@pytest.mark.parametrize(
    ("model", "name", "named"),
    [
        (User, "therapist", ()),
        (Jurisdiction, "jurisdiction", JurisdictionRules.columns()),
        (Location, "location", ()),
    ],
)
def test_a_row_beside_is_the_row_that_a_join_reads(django_assert_num_queries, session, model, name, named):
    Location.objects.update(retired_at=session.opened_at)
    Jurisdiction.objects.update(valid_from=session.opened_at.date())
    beside = Beside(model, name, columns=named)

    with django_assert_num_queries(1):
        row = put_beside(read_beside(NeedlingSession.objects.all(), beside).get(pk=session.pk), beside)
        read = getattr(row, name)
        assert all(hasattr(read, column) for column in named)

    joined = NeedlingSession.objects.select_related(name).get(pk=session.pk)
    assert columns(read) == columns(getattr(joined, name))
    assert not [label for label in vars(row) if label.startswith("beside")]


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_one_list_has_the_rows_of_several_keys(django_assert_num_queries, session, reception):
    session.opened_by = reception
    session.save(update_fields=["opened_by"])
    beside = Beside(
        User, "therapist", "supervisor", "patient__registered_by", "opened_by", columns=["username"]
    )

    with django_assert_num_queries(1):
        rows = read_beside(NeedlingSession.objects.select_related("patient"), beside)
        row = put_beside(rows.get(pk=session.pk), beside)
        names = [row.therapist.username, row.patient.registered_by.username, row.opened_by.username]

    assert (names, row.supervisor) == (["therapist", "reception", "reception"], None)


def test_a_column_that_was_left_out_is_read_when_it_is_asked_for(django_assert_num_queries, session):
    User.objects.filter(pk=session.therapist_id).update(profession="other")
    beside = Beside(User, "therapist", columns=["username"])
    row = put_beside(read_beside(NeedlingSession.objects.all(), beside).get(pk=session.pk), beside)

    with django_assert_num_queries(1):
        assert row.therapist.profession == "other"
