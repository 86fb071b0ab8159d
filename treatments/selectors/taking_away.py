"""The clinical work that hangs on an account that somebody is about to close."""

from django.utils.translation import ngettext

from clinic.models import User
from treatments.models import FollowUp, NeedlingSession


def on_account(user: User) -> list[str]:
    """Drafts of their own and calls that are theirs. What they supervise may have nobody else."""
    drafts = NeedlingSession.objects.drafts().filter(therapist=user).count()
    calls = FollowUp.objects.unsettled().filter(assigned_to=user).count()
    of_drafts = ngettext("%(count)s draft of theirs is open.", "%(count)s drafts of theirs are open.", drafts)
    of_calls = ngettext("%(count)s call is theirs.", "%(count)s calls are theirs.", calls)
    counted = ((of_drafts, drafts), (of_calls, calls))
    return [words % {"count": count} for words, count in counted if count]
