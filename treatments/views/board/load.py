"""How full a day and its week are, for whoever plans them."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from clinic import formats
from clinic.access import Permission, requires
from clinic.rules import parsing
from treatments.rules.board import load
from treatments.selectors.board import load as load_selectors


@requires(Permission.BOARD_VIEW)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    on = timezone.localdate()
    day = parsing.day_of_address(request.GET.get("day", ""), default=on)
    monday = load.monday_of(day)
    week = load_selectors.week_of(monday)
    context = {
        "day": day,
        "is_today": day == on,
        "earlier": formats.iso_day(day - dt.timedelta(days=1)),
        "later": formats.iso_day(day + dt.timedelta(days=1)),
        "of_day": load.of_day(week, day),
        "of_week": load.of_week(week, monday),
    }
    return render(request, "treatments/load.html", context)
