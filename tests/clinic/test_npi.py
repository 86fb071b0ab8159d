"""The practice's National Provider Identifier: ten digits, the last of which checks the others."""

import pytest
from django.core.exceptions import ValidationError

from clinic.models.practice import check_npi


@pytest.mark.parametrize("typed", ["1234567890", "123456789", "12345678930", "123456789x"])
def test_a_number_that_is_no_npi_is_refused(typed):
    with pytest.raises(ValidationError):
        check_npi(typed)


def test_an_npi_is_taken():
    check_npi("1234567893")
