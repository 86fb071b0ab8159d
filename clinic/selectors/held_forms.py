"""Finds what somebody typed on a form and did not send."""

from django.db.models import Exists, OuterRef

from clinic.models import FormKey, HeldForm, User


def held_on(page: str, *, user: User) -> HeldForm | None:
    """What this person began on the page. A form whose key was used arrived meanwhile."""
    arrived = FormKey.objects.filter(user=user, key=OuterRef("form_key"))
    return HeldForm.objects.filter(~Exists(arrived), user=user, page=page).first()
