"""A number beyond every column is nobody's: no row, no server error."""

import pytest

from clinic.models import User
from patients.selectors.banner import PATIENT_WITH_RISK_FLAGS

BEYOND = (2**63, -(2**63) - 1, 10**30)


@pytest.mark.parametrize("number", BEYOND)
def test_a_number_beyond_the_column_finds_nobody(db, number):
    assert not User.objects.filter(pk__in=[number])
    assert not User.objects.filter(pk=number)


@pytest.mark.parametrize("number", BEYOND)
def test_it_does_not_hide_who_stands_beside_it(therapist, number):
    assert list(User.objects.filter(pk__in=[number, therapist.pk, None])) == [therapist]
    assert not User.objects.exclude(pk__in=[number, therapist.pk])


@pytest.mark.parametrize("number", BEYOND)
def test_a_prepared_query_finds_nobody_either(ada, number):
    assert PATIENT_WITH_RISK_FLAGS.one(pk=ada.pk) == ada

    assert PATIENT_WITH_RISK_FLAGS.one(pk=number) is None


def test_rows_of_a_query_are_looked_up_as_ever(therapist):
    assert list(User.objects.filter(pk__in=User.objects.filter(pk=therapist.pk))) == [therapist]
