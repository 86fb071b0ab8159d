"""Pages that book a visit, start one now, and record its steps until check-out."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clinic import formats
from clinic.access import Permission, requires
from clinic.forms import form_baseline
from clinic.rules import business_days
from clinic.values.errors import CautionsToConfirm
from clinic.web import page_frame, responses
from clinic.web.names import about
from patients.actions import visits as visits_actions
from patients.forms.visits import ReasonForm, StepForm, VisitForm, WalkInForm
from patients.models import Visit
from patients.rules.visits import steps
from patients.selectors import banner, visits
from patients.selectors import visibility as seen
from patients.views import visibility

# The steps that are open to everybody at the desk, even when the record is restricted.
STEPS_FOR_ALL = {"arrive", "room", "leave"}
STAMP_LABELS = {
    "arrived": gettext_lazy("Checked in"),
    "roomed": gettext_lazy("In a room"),
    "left": gettext_lazy("Checked out"),
    "cancelled": gettext_lazy("Canceled"),
    "missed": gettext_lazy("No-show"),
}
UNDO_LABELS = {
    "arrived": gettext_lazy("Undo check-in"),
    "roomed": gettext_lazy("Undo rooming"),
    "left": gettext_lazy("Undo check-out"),
    "cancelled": gettext_lazy("Undo cancellation"),
    "missed": gettext_lazy("Undo no-show"),
}


@requires(Permission.VISIT_MANAGE)
def book(request, ref):
    patient = visibility.visible_patient(request, ref, read=seen.to_book)
    context = {"patient": patient, "strip": _banner(request, patient)}
    if request.method != "POST":
        return responses.form_page(
            request, "patients/visit_book.html", context, form=VisitForm(initial=_initial(request, patient))
        )

    form = VisitForm(request.POST)
    if form.is_valid():

        def act():
            kept = request.POST.get("keep", "")
            visit = visits_actions.book(patient, by=request.user, kept=kept, **form.cleaned_data)
            messages.success(request, about(patient, _("{} is booked for {}."), _when(visit)))
            _tell_of_holiday(request, visit)
            return board_address(visit)

        try:
            response = responses.submit(request, "visit.book", act, form)
        except CautionsToConfirm as asked:
            return _confirm_time(request, "patients/visit_book.html", context, form, asked)
        if response is not None:
            return response
    return responses.form_page(request, "patients/visit_book.html", context, form=form)


@requires(Permission.VISIT_MANAGE)
def start(request, ref):
    """A walk-in: booked for now and checked in."""
    patient = visibility.visible_patient(request, ref, read=seen.to_check_in, on=timezone.localdate())
    expected = visits.expected_visit(patient.expected_today)
    context = {"patient": patient, "strip": _banner(request, patient), "expected": expected}
    if request.method != "POST":
        return responses.form_page(
            request, "patients/visit_start.html", context, form=WalkInForm(initial=_initial(request, patient))
        )

    form = WalkInForm(request.POST)
    if form.is_valid():

        def act():
            visit = visits_actions.walk_in(patient, by=request.user, **form.cleaned_data)
            messages.success(request, about(patient, _("{} is checked in.")))
            return board_address(visit)

        if (response := responses.submit(request, "visit.start", act, form)) is not None:
            return response
    return responses.form_page(request, "patients/visit_start.html", context, form=form)


@requires(Permission.VISIT_MANAGE)
def edit(request, ref):
    visit = _visit(request, ref)
    names = list(VisitForm.base_fields)
    stored = {name: getattr(visit, name) for name in names}
    packed_baseline = request.POST.get("seen") or form_baseline.pack(stored)
    context = {**_visit_context(request, visit), "seen": packed_baseline}
    if request.method != "POST":
        return responses.form_page(
            request, "patients/visit_edit.html", context, form=VisitForm(initial=stored)
        )

    form = VisitForm(request.POST)
    if form.is_valid():
        form_baseline.take_theirs(form, request.POST, stored)

        def act():
            changed = visits_actions.change(
                visit,
                by=request.user,
                baseline=form_baseline.unpack(packed_baseline),
                kept=request.POST.get("keep", ""),
                **form.cleaned_data,
            )
            if changed.booked_for != stored["booked_for"]:
                _tell_of_holiday(request, changed)
            return board_address(changed)

        try:
            response = responses.submit(request, "visit.edit", act, form)
        except CautionsToConfirm as asked:
            return _confirm_time(request, "patients/visit_edit.html", context, form, asked)
        if response is not None:
            return response
        context["seen"] = form_baseline.rebased(packed_baseline, form.conflict)
    return responses.form_page(request, "patients/visit_edit.html", context, form=form)


@require_POST
@requires(Permission.VISIT_MANAGE)
def step(request, ref):
    """A step button of the board. A second press is refused with who was first."""
    visit, is_open = _visit_on_the_board(request, ref)
    form = StepForm(request.POST)
    if not is_open and request.POST.get("verb") not in STEPS_FOR_ALL:
        raise Http404
    if not form.is_valid():
        return _step_refused(request, visit, form, is_open)
    verb, room, reason = (form.cleaned_data[name] for name in ("verb", "room", "reason"))

    def act():
        verbs = {
            "arrive": lambda: visits_actions.check_in(visit, by=request.user),
            "room": lambda: visits_actions.take_to_room(visit, by=request.user, room=room),
            "leave": lambda: visits_actions.check_out(visit, by=request.user),
            "cancel": lambda: visits_actions.cancel(visit, by=request.user, reason=reason),
            "miss": lambda: visits_actions.mark_missed(visit, by=request.user, reason=reason),
        }
        return board_address(verbs[verb]())

    if (response := responses.submit(request, f"visit.{verb}", act, form)) is not None:
        return response
    return _step_refused(request, visit, form, is_open)


@requires(Permission.VISIT_MANAGE)
def take_back(request, ref):
    visit = _visit(request, ref)
    stamp = steps.newest_stamp(visit)
    context = {**_visit_context(request, visit), "stamp": stamp, "stamp_words": STAMP_LABELS.get(stamp, "")}
    if request.method != "POST":
        return responses.form_page(request, "patients/visit_take_back.html", context, form=ReasonForm())

    form = ReasonForm(request.POST)
    if form.is_valid():

        def act():
            chosen = request.POST.get("stamp", stamp)
            visits_actions.undo_step(visit, by=request.user, stamp=chosen, reason=form.cleaned_data["reason"])
            messages.success(request, _("“%(step)s” was undone.") % {"step": STAMP_LABELS[stamp]})
            return board_address(visit)

        if (response := responses.submit(request, "visit.take_back", act, form)) is not None:
            return response
    return responses.form_page(request, "patients/visit_take_back.html", context, form=form)


def board_address(visit: Visit) -> str:
    """The board of the visit's day."""
    day = timezone.localtime(visit.booked_for).date()
    address = reverse("treatments:today")
    return address if day == timezone.localdate() else f"{address}?day={formats.iso_day(day)}"


def _visit(request, ref) -> Visit:
    visit, is_open = _visit_on_the_board(request, ref)
    if not is_open:
        raise Http404
    return visit


def _visit_on_the_board(request, ref) -> tuple[Visit, bool]:
    """Any visit, and whether its patient's record is open to this person."""
    visit = responses.row_or_404(visits.with_stamps(request.user, ref))
    return visit, visit.is_open


def _banner(request, patient) -> dict:
    return banner.banner_for(patient, user=request.user, on=timezone.localdate())


def _visit_context(request, visit) -> dict:
    visibility.record_look(request, visit.patient)
    newest = steps.newest_stamp(visit)
    stamps = [
        {"word": word, "at": getattr(visit, f"{name}_at"), "by": getattr(visit, f"{name}_by")}
        for name, word in STAMP_LABELS.items()
        if getattr(visit, f"{name}_at")
    ]
    return {
        "visit": visit,
        "patient": visit.patient,
        "stamps": stamps,
        "newest": newest,
        "undo_label": UNDO_LABELS.get(newest, _("Undo the last step")),
        "strip": _banner(request, visit.patient),
        "step_key": responses.new_form_key(),
        "board_url": board_address(visit),
    }


def _initial(request, patient) -> dict:
    """Initial values: this location, the practice's minutes, the last therapist or the user."""
    last_therapist = patient.last_therapist
    own = request.user.pk if getattr(request.user, "has_therapist", False) else None
    return {
        "location": request.user.location_id,
        "minutes": page_frame.practice_for(request).visit_minutes,
        "therapist": last_therapist or own,
        "kind": Visit.Kind.FOLLOW_UP if last_therapist else Visit.Kind.FIRST,
    }


def _confirm_time(request, template, context, form, asked: CautionsToConfirm):
    """Show the cautions and ask whether to keep the time. Nothing is saved yet."""
    prompt = {
        "form": form,
        "form_key": responses.form_key(request),
        "cautions": asked.reasons,
        "keep": asked.key,
    }
    return render(request, template, {**context, **prompt})


def _step_refused(request, visit, form, is_open):
    if not is_open:
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect(board_address(visit))
    context = {**_visit_context(request, visit), "seen": ""}
    stored = {name: getattr(visit, name) for name in VisitForm.base_fields}
    context |= {"form": VisitForm(initial=stored), "form_key": responses.new_form_key(), "refused": form}
    return render(request, "patients/visit_edit.html", context, status=responses.UNPROCESSABLE)


def _tell_of_holiday(request, visit: Visit) -> None:
    if business_days.is_federal_holiday(timezone.localdate(visit.booked_for)):
        sentence = _("%(day)s is a federal holiday. Look whether you are open.")
        messages.warning(request, sentence % {"day": formats.day(visit.booked_for)})


def _when(visit: Visit) -> str:
    return formats.weekday_moment(visit.booked_for)
