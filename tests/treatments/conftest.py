"""Two records of one person."""

import pytest

from patients.models import Allergy, Medication
from tests import factories


@pytest.fixture
def twin(reception):
    """Another record of Ada, with another phone."""
    return factories.patient(
        reception, family_name="Examplewood", given_name="Ada M.", phone="(555) 555-0177", email="a@b.example"
    )


@pytest.fixture
def risky(twin, reception, therapist):
    """What may harm the person is on the twin's record: an allergy, a thinner, an answer that says stop."""
    Allergy.objects.create(patient=twin, substance="Nickel", noted_by=reception)
    Medication.objects.create(patient=twin, name="Warfarin", thins_blood=True, noted_by=reception)
    factories.screening(
        twin,
        therapist,
        answers={"blood-thinner": "yes"},
        computed_level="stop",
        decided_level="stop",
        decision="defer",
    )
    return twin
