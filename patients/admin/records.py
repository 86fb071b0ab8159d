"""The rows of the first floor in the administration, to read: patients, visits, papers, and their trail."""

from collections.abc import Callable

from django.apps import apps
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.administration.by_reference import FoundByReferenceAdmin
from clinic.audit import wording
from clinic.models import AuditEvent
from patients.models import (
    Consent,
    Episode,
    Patient,
    PatientAccess,
    PatientCondition,
    Screening,
    Visit,
)
from patients.rules import body_areas, wordings


class AboutPatients(FoundByReferenceAdmin):
    @staticmethod
    def patient_with(ref):
        return Patient.objects.filter(ref=ref).first()


class OfPatient(AboutPatients):
    """Rows about a patient. `patient_path` leads from a row to them; restricted records stay with few."""

    reference_fields = ("patient__ref",)
    patient_path = "patient__"

    def get_queryset(self, request):
        named = PatientAccess.objects.open_to(request.user).values("patient")
        open_to_all = Q(**{f"{self.patient_path}restricted_at": None})
        return super().get_queryset(request).filter(open_to_all | Q(**{f"{self.patient_path}pk__in": named}))


@admin.register(Patient)
class PatientAdmin(OfPatient):
    name_in_menu = gettext_lazy("Patients")
    reference_fields = ("ref",)
    patient_path = ""
    list_display = ("ref", "registered_at")

    def patient_of(self, obj):
        return obj


@admin.register(Visit)
class VisitAdmin(OfPatient):
    reference_fields = ("ref", "patient__ref")
    list_display = ("ref", "booked_for")


@admin.register(Episode)
class EpisodeAdmin(OfPatient):
    name_in_menu = gettext_lazy("Episodes of care")


@admin.register(PatientCondition)
class PatientConditionAdmin(OfPatient):
    name_in_menu = gettext_lazy("Conditions of patients")
    reference_fields = ("episode__patient__ref",)
    patient_path = "episode__patient__"

    def patient_of(self, obj):
        return obj.episode.patient


ANSWERS = {
    Screening.Answer.YES: gettext_lazy("yes"),
    Screening.Answer.NO: gettext_lazy("no"),
    Screening.Answer.UNKNOWN: gettext_lazy("unknown"),
}


def answers_in(name: str) -> Callable:
    """The answers that a column holds, each in words: “Skin today: no”."""

    def words_of(row) -> list[str]:
        return [answer_words(answered) for answered in wordings.unpacked(getattr(row, name))]

    return words_of


def answer_words(answered: wordings.Answered) -> str:
    answer = str(ANSWERS.get(answered.answer, answered.answer))
    said = ", ".join(filter(None, (answer, answered.detail)))
    return f"{code_words(answered.code)}: {said}"


def code_words(code: str) -> str:
    return code.replace("-", " ").capitalize()


@admin.register(Screening)
class ScreeningAdmin(OfPatient):
    name_in_menu = gettext_lazy("Answers to health questions")
    chips = {
        "not_asked": lambda row: map(code_words, row.not_asked),
        "concerns": answers_in("concerns"),
        "other_answers": answers_in("other_answers"),
    }


def consented_parts(row: Consent) -> list[str]:
    names = dict(body_areas.choices(body_areas.current()))
    return [names.get(code, code_words(code)) for code in row.regions]


@admin.register(Consent)
class ConsentAdmin(OfPatient):
    chips = {"regions": consented_parts}


@admin.register(AuditEvent)
class AuditEventAdmin(AboutPatients):
    """Codes and references: what changed, and why, is for people who may read the chart."""

    name_in_menu = gettext_lazy("Audit trail")
    reference_fields = ("patient_ref", "object_ref")
    list_display = ("seq", "at", "actor_name", "did", "about", "object_ref", "patient_ref")

    @admin.display(description=gettext_lazy("did"))
    def did(self, row):
        return wording.SENTENCES.get(row.code, row.code)

    @admin.display(description=gettext_lazy("about"))
    def about(self, row):
        app, _dot, name = row.object_kind.partition(".")
        is_table = app and name in apps.all_models.get(app, {})
        return _(str(apps.get_model(app, name)._meta.verbose_name)) if is_table else row.object_kind

    def get_queryset(self, request):
        closed = Patient.objects.closed_to(request.user)
        about = [Exists(closed.filter(ref=OuterRef(name))) for name in self.reference_fields]
        return super().get_queryset(request).exclude(about[0] | about[1])

    def get_fields(self, request, obj=None):
        names = [field.name for field in AuditEvent._meta.concrete_fields if field.editable]
        return [name for name in names if name not in ("changes", "reason")]
