"""The administration of treatments: muscles and their limits, and treatment rows to read."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clinic.administration.base import CatalogueAdmin
from clinic.administration.compared_form import ComparedForm
from clinic.administration.sections import Section
from patients.admin import OfPatient, answers_in
from treatments.models import (
    Addendum,
    AdverseEvent,
    AdverseEventKind,
    AftercareAdvice,
    AmendmentAnswer,
    ErrorMark,
    FollowUp,
    Muscle,
    NeedleSite,
    NeedlingSession,
    Seal,
    SessionCondition,
    SorenessReport,
    WarningSign,
)
from treatments.rules.sites import depth_limits

LIMIT_FIELDS = frozenset({"depth_limit_mm", "limit_approved_by", "limit_approved_on"})


class MuscleForm(ComparedForm):
    """A depth limit is a clinical decision: who approved it, and when, is required."""

    def clean(self):
        cleaned = super().clean()
        limits = depth_limits.MuscleLimits(
            usual_depth_mm=cleaned.get("usual_depth_mm"),
            depth_limit_mm=cleaned.get("depth_limit_mm"),
            approved_by=cleaned.get("limit_approved_by") or "",
            approved_on=cleaned.get("limit_approved_on"),
            is_changed=not LIMIT_FIELDS.isdisjoint(self.changed_data),
        )
        for reason in depth_limits.reasons(limits, today=timezone.localdate()):
            self.add_error(reason.field, reason.message)
        return cleaned


# The codes of what lies under a muscle, as its file has them.
HAZARDS = {
    "abd": gettext_lazy("Organs of the abdomen"),
    "cord": gettext_lazy("Spinal cord"),
    "deep": gettext_lazy("Lies deep"),
    "joint": gettext_lazy("A joint"),
    "lung": gettext_lazy("Lung"),
    "nv": gettext_lazy("Nerve or vessel"),
    "vert": gettext_lazy("Vertebral artery"),
}


@admin.register(Muscle)
class MuscleAdmin(CatalogueAdmin):
    """The depth limits belong to the practice."""

    section = Section.LIMITS
    name_in_menu = gettext_lazy("Muscles and depths")
    menu_words = gettext_lazy("How deep each muscle may be needled here, and who approved it.")
    search_label = gettext_lazy("Search by name or letters")
    form = MuscleForm
    chips = {"hazards": lambda row: [HAZARDS.get(code, code) for code in row.hazards]}
    left_out = (*CatalogueAdmin.left_out, "billing_key")
    practice_fields = ("usual_depth_mm", "depth_limit_mm", "limit_approved_by", "limit_approved_on")
    list_display = (
        "name",
        "code",
        "group",
        "default_status",
        "depth_limit_mm",
        "limit_approved_by",
        "retired_at",
    )
    search_fields = ("name", "code")
    list_filter = ("group", "default_status")


@admin.register(AdverseEventKind)
class AdverseEventKindAdmin(CatalogueAdmin):
    section = Section.WORDING
    name_in_menu = gettext_lazy("Kinds of adverse event")
    menu_words = gettext_lazy("What can be recorded, and how serious it usually is. To read.")
    list_display = ("name", "category", "usual_severity", "red_flag")


@admin.register(AftercareAdvice)
class AftercareAdviceAdmin(CatalogueAdmin):
    section = Section.WORDING
    name_in_menu = gettext_lazy("Aftercare advice")
    menu_words = gettext_lazy("What patients are told to do afterwards. To read.")
    list_display = ("text", "kind", "retired_at")


@admin.register(WarningSign)
class WarningSignAdmin(CatalogueAdmin):
    section = Section.WORDING
    menu_words = gettext_lazy("What is asked on every call. To read.")
    list_display = ("question", "short_name", "call_emergency", "chest", "retired_at")


@admin.register(NeedlingSession)
class NeedlingSessionAdmin(OfPatient):
    name_in_menu = gettext_lazy("Sessions")
    reference_fields = ("ref", "patient__ref")
    list_display = ("ref", "opened_at", "signed_at")


class OfSession(OfPatient):
    reference_fields = ("session__ref",)
    patient_path = "session__patient__"

    def patient_of(self, obj):
        return obj.session.patient


for model in (NeedleSite, SessionCondition, Seal, Addendum, ErrorMark, AdverseEvent):
    admin.site.register(model, OfSession)


@admin.register(AmendmentAnswer)
class AmendmentAnswerAdmin(OfPatient):
    name_in_menu = gettext_lazy("Answers to requests to amend")
    reference_fields = ("request__session__ref",)
    patient_path = "request__session__patient__"

    def patient_of(self, obj):
        return obj.request.session.patient


@admin.register(FollowUp)
class FollowUpAdmin(OfSession):
    name_in_menu = gettext_lazy("Follow-up calls")
    reference_fields = ("ref", "session__ref")
    list_display = ("ref", "step", "due_at", "closed_at")


@admin.register(SorenessReport)
class SorenessReportAdmin(OfPatient):
    chips = {"warning_signs": answers_in("warning_signs")}
    reference_fields = ("followup__ref", "followup__session__ref")
    patient_path = "followup__session__patient__"

    def patient_of(self, obj):
        return obj.followup.session.patient
