"""The rules of all states side by side, and what counsel says of one that bars needling."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clinic import formats
from clinic.access import Permission, may, requires
from clinic.actions import all_states as all_states_actions
from clinic.forms.all_states import CounselForm, WithdrawForm
from clinic.models import Jurisdiction
from clinic.rules import all_states
from clinic.selectors import all_states as all_states_selectors
from clinic.web import responses


@requires(Permission.STATE_RULES_VIEW)
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Every profile with its sources. Made to be read, and printed."""
    opinions = all_states_selectors.standing_opinions()
    cards = all_states.cards(all_states_selectors.profiles(), opinions, on=timezone.localdate())
    context = {
        "cards": cards,
        "found": formats.whole(sum(card.found for card in cards if card.ask_counsel)),
        "not_found": formats.whole(sum(card.not_found for card in cards if card.ask_counsel)),
        "may_record": may(request.user, Permission.COUNSEL_RECORD),
    }
    return render(request, "clinic/state_rules.html", context)


@requires(Permission.COUNSEL_RECORD)
def counsel(request: HttpRequest, code: str) -> HttpResponse:
    """Record what counsel says, or confirm it for the text of today; the former word ends with it."""
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    profile, card = _profile(code)
    responses.row_or_404(card if card.bars and not card.rests_on else None)
    form = CounselForm(responses.posted_data(request), initial=_to_confirm(card))
    if form.is_bound and form.is_valid():

        def act():
            all_states_actions.record_opinion(profile, by=request.user, **form.cleaned_data)
            messages.success(
                request, _("Recorded. Sessions under %(state)s open with it.") % {"state": profile.name}
            )
            return reverse("state-rules")

        if (response := responses.submit(request, "counsel.record", act, form)) is not None:
            return response
    return responses.form_page(request, "clinic/state_counsel.html", {"card": card}, form=form)


@requires(Permission.COUNSEL_RECORD)
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Also where the state bars no more: what stands can be ended."""
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    profile, card = _profile(code)
    responses.row_or_404(card if card.opinion or card.bars else None)
    form = WithdrawForm(responses.posted_data(request))
    if form.is_bound and form.is_valid():

        def act():
            all_states_actions.withdraw_opinion(profile, by=request.user, **form.cleaned_data)
            said = _("Withdrawn. No session is opened under %(state)s.") if card.bars else _("Withdrawn.")
            messages.success(request, said % {"state": profile.name})
            return reverse("state-rules")

        if (response := responses.submit(request, "counsel.withdraw", act, form)) is not None:
            return response
    return responses.form_page(request, "clinic/state_counsel_withdraw.html", {"card": card}, form=form)


def _profile(code: str) -> tuple[Jurisdiction, all_states.StateCard]:
    profile = get_object_or_404(Jurisdiction.objects.current(), code=code)
    opinions = all_states_selectors.standing_opinions()
    return profile, all_states.card(profile, opinions, on=timezone.localdate())


def _to_confirm(card: all_states.StateCard) -> dict:
    """What was said of an earlier text: a lead who finds it holds sends it again."""
    if not card.is_earlier:
        return {}
    return {name: getattr(card.opinion, name) for name in CounselForm.base_fields}
