"""National Provider Identifiers, of a practice and of a clinician: ten digits, the last checks the others."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic.models import Credential, Practice
from clinic.models.practice import check_npi

NPI = "1234567893"


@pytest.mark.parametrize("typed", ["1234567890", "123456789", "12345678930", "123456789x"])
def test_a_number_that_is_no_npi_is_refused(typed):
    with pytest.raises(ValidationError):
        check_npi(typed)


def test_an_npi_is_taken():
    check_npi(NPI)


@pytest.mark.parametrize(("typed", "status", "kept"), [(NPI, 302, NPI), ("1234567890", 422, "")])
@pytest.mark.django_db
def test_the_practice_enters_its_own(signed_in, admin, typed, status, kept):
    url, client = reverse("admin:clinic_practice_change", args=[1]), signed_in(admin)
    form = client.get(url).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    assert client.post(url, {**data, "npi": typed, "_save": "Save"}).status_code == status
    assert Practice.objects.get().npi == kept


@pytest.mark.parametrize(
    ("kind", "number", "is_right"), [("npi", NPI, True), ("npi", "", False), ("exam", "", True)]
)
def test_a_clinicians_number_is_looked_at_where_it_is_an_npi(kind, number, is_right):
    credential = Credential(kind=kind, number=number)
    if is_right:
        credential.clean()
        return
    with pytest.raises(ValidationError) as refused:
        credential.clean()
    assert set(refused.value.message_dict) == {"number"}
