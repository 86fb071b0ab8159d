"""What the practice needs before its first session: done or not, and where it is done."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from clinic.access import Permission, may, requires
from clinic.signin import factors
from clinic.web import page_frame
from treatments.rules.set_up import items, server_items
from treatments.rules.set_up.facts import Server
from treatments.selectors import set_up

# What a practice without a mail server has: each writes mail where nobody gets it.
UNSENT = ("console", "dummy", "filebased")


@requires(Permission.SET_UP_VIEW)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    on, practice = timezone.localdate(), page_frame.practice_for(request)
    staff = factors.staff(on=on)
    found = items.items(set_up.facts_for(practice, staff, on=on)) + server_items.items(_server(staff))
    context = {
        "items": found,
        "blocking": [item for item in found if item.blocks],
        "open": [item for item in found if not item.is_done],
        "may_admin": may(request.user, Permission.ADMIN_ENTER),
    }
    return render(request, "treatments/set_up.html", context)


def _server(staff) -> Server:
    return Server(
        sends_mail=not any(f".{name}." in settings.EMAIL_BACKEND for name in UNSENT),
        backup_folder=str(settings.BACKUP_FOLDER),
        has_backup_key=bool(settings.BACKUP_KEY),
        backup_at=set_up.last_backup(),
        needs_factors=settings.REQUIRE_MFA,
        without_factor=tuple(person.display_name for person in staff if factors.is_missing(person)),
    )
