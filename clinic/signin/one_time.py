"""One-time passwords at the door: each signs in once, within the practice's hours."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.models import Practice, User


@transaction.atomic
def use(user: User) -> bool:
    """Use up the one that was typed. False when somebody used it before, or its hours are over."""
    now, hours = timezone.now(), Practice.objects.values_list("one_time_password_hours", flat=True).get(pk=1)
    usable = User.objects.filter(
        pk=user.pk, one_time_password_used_at=None, one_time_password_at__gt=now - dt.timedelta(hours=hours)
    )
    # in one statement: of two who sign in at once, one does
    if not usable.update(one_time_password_used_at=now):
        return False

    audit.record("user.one_time_password_used", user, by=None)
    return True
