"""The practice's own copy of a state's rules: made, and approved."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.models import Jurisdiction
from clinic.models.catalogues import OWN
from clinic.rules import state_rules


@transaction.atomic
def copy(profile: Jurisdiction, *, by) -> Jurisdiction:
    """A copy that the practice may change. It holds nowhere before it is approved."""
    # row lock on the shipped rules: two copies at once do not get one code
    root = Jurisdiction.objects.select_for_update(of=("self",)).get(pk=profile.based_on_id or profile.pk)
    number = root.copies.count() + 1
    values = {name: getattr(profile, name) for name in state_rules.rule_names()}
    values["name"] = _("%(name)s, our own %(number)s") % {"name": root.name, "number": number}
    made = Jurisdiction.objects.create(
        **values, code=f"{OWN}{root.code}-{number}", based_on=root, position=root.position
    )

    audit.record("rules.copied", made, by=by, changes={"based_on": [None, profile.code]})
    return made


@transaction.atomic
def approve(profile: Jurisdiction, *, by) -> Jurisdiction:
    """Approve the practice's own rules as they stand: source and day of checking are theirs."""
    profile.approved_at, profile.approved_by = timezone.now(), by
    profile.save(update_fields=["approved_at", "approved_by"])

    audit.record("rules.approved", profile, by=by)
    return profile


@transaction.atomic
def end_approval(profile: Jurisdiction, *, by) -> Jurisdiction:
    """What was changed is not what was approved."""
    profile.approved_at = profile.approved_by = None
    profile.save(update_fields=["approved_at", "approved_by"])

    audit.record("rules.unapproved", profile, by=by)
    return profile
