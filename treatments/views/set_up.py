"""What the practice needs before its first session: done or not, and where it is done."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from clinic.access import Permission, may, requires
from clinic.selectors import mail, upkeep
from clinic.signin import factors
from clinic.web import page_frame
from treatments.rules.set_up import items, server_items
from treatments.rules.set_up.facts import Server
from treatments.selectors import set_up


@requires(Permission.SET_UP_VIEW)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    on, practice = timezone.localdate(), page_frame.practice_for(request)
    staff = factors.staff(on=on)
    facts = set_up.facts_for(practice, staff, on=on)
    found = items.items(facts) + server_items.items(_server(staff), now=timezone.now())
    context = {
        "items": found,
        "blocking": [item for item in found if item.blocks],
        "open": [item for item in found if not item.is_done],
        "may_admin": may(request.user, Permission.ADMIN_ENTER),
    }
    return render(request, "treatments/set_up.html", context)


def _server(staff) -> Server:
    return Server(
        mail=mail.server(),
        mail_test=mail.last_test(),
        backup_folder=str(settings.BACKUP_FOLDER),
        has_backup_key=bool(settings.BACKUP_KEY),
        upkeep=upkeep.upkeep(),
        failures_to=settings.FAILURES_TO,
        needs_factors=settings.REQUIRE_MFA,
        without_factor=tuple(person.display_name for person in staff if factors.is_missing(person)),
    )
