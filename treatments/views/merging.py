"""Two records of one person: the preview and the merge, and taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.access import Permission, requires
from clinic.signin import last_proof, own_password
from clinic.web import page_frame, responses
from patients.models import Patient
from patients.selectors import merged as merged_selectors
from treatments.actions import merging as actions
from treatments.forms.merging import MergeForm, TakeBackForm
from treatments.forms.signing import ProofForm
from treatments.rules import merging as rules
from treatments.rules.signing import proof
from treatments.selectors import merging


@requires(Permission.RECORD_MERGE)
def merge(request: HttpRequest, ref: str, other: str) -> HttpResponse:
    """What of `other` follows, what is chosen of both, and the merge into `ref`."""
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    survivor, loser = responses.row_or_404(merged_selectors.two_records(request.user, ref, other))
    apart = merged_selectors.kept_apart_of(survivor, loser)
    form = MergeForm(
        responses.posted_data(request),
        **_proof_for(request),
        survivor=survivor,
        loser=loser,
        is_kept_apart=apart is not None,
    )
    if form.is_bound and _is_proven(request, form, survivor) and form.is_valid():

        def act():
            data = form.cleaned_data
            reasons = {name: data.get(name, "") for name in ("reason", "apart_reason")}
            actions.merge(survivor, loser, by=request.user, choices=form.choices, **reasons)
            texts = {"loser": loser.ref, "survivor": survivor.ref}
            messages.success(request, _("%(loser)s is merged into %(survivor)s.") % texts)
            return survivor.get_absolute_url()

        if (response := responses.submit(request, "record.merge", act, form)) is not None:
            return response
    _record_looks(request, survivor, loser)
    facts = merging.facts_of((survivor, loser), now=timezone.now())
    context = {
        "survivor": survivor,
        "loser": loser,
        "pair": (survivor, loser),
        "apart": apart,
        "restriction": rules.restriction_note(facts[survivor.pk], facts[loser.pk]),
        "counts": merging.counts(loser),
        "stops": rules.reasons(facts[survivor.pk], facts[loser.pk], by=request.user.pk),
        "other_way": reverse("treatments:merge", args=[loser.ref, survivor.ref]),
    }
    return responses.form_page(request, "treatments/merge.html", context, form=form)


@requires(Permission.RECORD_MERGE)
def take_back(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """What was written since the merge, whose each of it is, and both records as they were."""
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    journal = responses.row_or_404(merging.journal(request.user, ref, pk))
    survivor, loser = journal.survivor, journal.loser
    apart = merging.apart(journal)
    form = TakeBackForm(
        responses.posted_data(request),
        **_proof_for(request),
        rows=apart.rows,
        survivor=survivor,
        loser=loser,
    )
    if form.is_bound and _is_proven(request, form, survivor) and form.is_valid():

        def act():
            actions.take_back(journal, by=request.user, reason=form.cleaned_data["reason"], moved=form.moved)
            messages.success(
                request, _("Taken back: %(ref)s is a record of its own again.") % {"ref": loser.ref}
            )
            return survivor.get_absolute_url()

        if (response := responses.submit(request, "record.unmerge", act, form)) is not None:
            return response
    _record_looks(request, survivor, loser)
    later = merging.later_merge(journal)
    stops = rules.take_back_reasons(survivor, loser, later=later, by=request.user.pk)
    context = {
        "journal": journal,
        "pair": (survivor, loser),
        "apart": apart,
        "stops": stops,
        "opened": rules.opened_note(journal),
    }
    return responses.form_page(request, "treatments/merge_take_back.html", context, form=form)


def _proof_for(request: HttpRequest) -> dict:
    """What a form of proof needs: the password, where the last proof on this device is too old."""
    minutes = page_frame.practice_for(request).sign_reauth_minutes
    is_fresh = proof.is_fresh(last_proof.given_at(request), now=timezone.now(), minutes=minutes)
    return {
        "signer": request.user,
        "needed_fields": set() if is_fresh else {"password"},
        "may_try": request.method != "POST" or own_password.may_try_password(request),
    }


def _is_proven(request: HttpRequest, form: ProofForm, patient: Patient) -> bool:
    """A wrong password is recorded, and changes nothing."""
    if "password" not in form.fields:
        return True
    if form.was_wrong:
        own_password.note_wrong_password(request)
        audit.look("record.proof_failed", patient, by=request.user, patient=patient)
    elif not form.has_error("password"):
        last_proof.note(request.session, request.user)
    return not form.has_error("password")


def _record_looks(request: HttpRequest, *people: Patient) -> None:
    if request.method != "POST":
        for patient in people:
            audit.look("patient.opened", patient, by=request.user, patient=patient)
