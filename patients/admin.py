"""The first floor in the administration: catalogues, consent texts, and clinical rows to read."""

from collections.abc import Callable

from django.apps import apps
from django.contrib import admin, messages
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.administration.base import CatalogueAdmin, SetUpAdmin
from clinic.administration.by_reference import FoundByReferenceAdmin
from clinic.administration.sections import Section
from clinic.audit import wording
from clinic.models import AuditEvent
from clinic.web import text_fields
from patients.actions import consent_texts
from patients.models import (
    Condition,
    ConditionName,
    Consent,
    ConsentText,
    DiagnosisFamily,
    Episode,
    Patient,
    PatientAccess,
    PatientCondition,
    Screening,
    ScreeningItem,
    Visit,
)
from patients.rules import body_areas, wordings
from patients.rules.consent_texts import text_digest


@admin.register(Condition)
class ConditionAdmin(CatalogueAdmin):
    name_in_menu = gettext_lazy("Conditions on offer")
    menu_words = gettext_lazy("Complaints, in the words of the clinic and of the patient.")
    search_label = gettext_lazy("Search by name or code")
    list_display = ("name", "patient_term", "kind", "region", "side_policy", "retired_at")
    search_fields = ("name", "patient_term", "code")


@admin.register(ConditionName)
class ConditionNameAdmin(CatalogueAdmin):
    name_in_menu = gettext_lazy("Other names of conditions")
    menu_words = gettext_lazy("What patients and clinicians call a complaint: the box finds it by them.")
    search_label = gettext_lazy("Search by name or condition")
    list_display = ("name", "condition", "proposed_variant", "retired_at")
    list_select_related = ("condition",)
    search_fields = ("name", "condition__name", "condition__patient_term")


@admin.register(DiagnosisFamily)
class DiagnosisFamilyAdmin(CatalogueAdmin):
    name_in_menu = gettext_lazy("Diagnosis codes")
    menu_words = gettext_lazy("ICD-10-CM codes by complaint and side.")
    search_label = gettext_lazy("Search by name or ICD-10-CM code")
    list_display = ("label", "condition", "code_right", "code_left", "code_set_year", "retired_at")
    list_select_related = ("condition",)
    search_fields = ("label", "code_right", "code_left")


@admin.register(ScreeningItem)
class ScreeningItemAdmin(CatalogueAdmin):
    section = Section.WORDING
    name_in_menu = gettext_lazy("Health questions")
    menu_words = gettext_lazy("What patients are asked before needles. To read.")
    list_display = ("code", "question", "kind", "scope", "level", "lowerable", "retired_at")
    list_filter = ("kind", "level")


@admin.register(ConsentText)
class ConsentTextAdmin(SetUpAdmin):
    """Write a new version, then publish it. What is published never changes."""

    section = Section.WORDING
    menu_words = gettext_lazy("Write a new version, then publish it.")
    list_display = ("version", "language", "title", "published_at", "retired_at")
    fields = (
        "version",
        "language",
        "jurisdiction",
        "title",
        "body",
        "statements",
        "not_acupuncture",
        "source",
    )
    actions = ("publish",)
    formfield_overrides = {
        **SetUpAdmin.formfield_overrides,
        models.JSONField: {"form_class": text_fields.LinesField},
    }

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.published_at is None)

    def save_model(self, request, obj, form, change):
        obj.digest = text_digest(obj.title, obj.body, obj.statements)
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("Publish: from now on patients sign this text"))
    def publish(self, request, queryset):
        published = [text for text in queryset if consent_texts.publish(text, by=request.user)]
        if published:
            messages.success(request, _("Published. Former versions stay with the consents given on them."))


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
