"""Pages of an episode of care."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.access import Permission, requires
from clinic.forms import form_baseline
from clinic.web import responses
from patients.actions import episodes
from patients.forms.episodes import DischargeForm, EpisodeForm
from patients.models import Episode, Patient
from patients.selectors import banner
from patients.selectors import episodes as episodes_selectors
from patients.views import visibility


@requires(Permission.CONDITION_RECORD)
def episode(request: HttpRequest, ref: str) -> HttpResponse:
    """Access, planned visits and certification; the first save opens the episode."""
    patient = visibility.visible_patient(request, ref)
    current = episodes_selectors.open_episode(patient)
    stored = _initial(current)
    form = EpisodeForm(responses.posted_data(request), patient=patient, initial=stored)
    seen = request.POST.get("seen") or form_baseline.pack(stored)
    if form.is_valid():
        form_baseline.take_theirs(form, request.POST, {**stored, "referral": current and current.referral})
        save = partial(_change, request, patient, form, form_baseline.unpack(seen))
        if (response := responses.submit(request, "episode.change", save, form)) is not None:
            return response
        seen = form_baseline.rebased(seen, form.conflict)
    context = {"patient": patient, "strip": _banner(request, patient), "episode": current, "seen": seen}
    return responses.form_page(request, "patients/episode.html", context, form=form)


@requires(Permission.CONDITION_RECORD)
def discharge(request: HttpRequest, ref: str) -> HttpResponse:
    patient = visibility.visible_patient(request, ref)
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    current = get_object_or_404(patient.episodes.open())
    form = DischargeForm(responses.posted_data(request))
    if form.is_valid():
        save = partial(_discharge, request, patient, current, form)
        if (response := responses.submit(request, "episode.discharge", save, form)) is not None:
            return response
    context = {"patient": patient, "strip": _banner(request, patient), "episode": current}
    return responses.form_page(request, "patients/discharge.html", context, form=form)


def _banner(request: HttpRequest, patient: Patient) -> dict:
    return banner.banner_for(patient, user=request.user, on=timezone.localdate())


def _initial(current: Episode | None) -> dict:
    if current is None:
        return {}
    names = ("access", "target_visits", "visits_before", "certified_until")
    return {**{name: getattr(current, name) for name in names}, "referral": current.referral_id}


def _change(request, patient, form, baseline: dict) -> str:
    current = episodes.current_episode(patient, by=request.user, on=timezone.localdate())
    episodes.change(current, by=request.user, baseline=baseline, **form.cleaned_data)
    messages.success(request, _("Episode of care saved."))
    return patient.get_absolute_url()


def _discharge(request, patient, current, form) -> str:
    episodes.discharge(current, by=request.user, **form.cleaned_data)
    messages.success(request, _("Discharged. The record stays; a new condition opens the next episode."))
    return patient.get_absolute_url()
