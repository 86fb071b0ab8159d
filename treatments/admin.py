"""The administration of treatments: muscles and their limits, and treatment rows to read."""

from django.contrib import admin

from clinic.administration.base import CatalogueAdmin
from clinic.administration.compared_form import ComparedForm
from patients.admin import OfPatient
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


class MuscleForm(ComparedForm):
    """A depth limit is a clinical decision: who approved it, and when, is required."""

    def clean(self):
        cleaned = super().clean()
        if "depth_limit_mm" in self.changed_data and cleaned.get("depth_limit_mm") is not None:
            for name in ("limit_approved_by", "limit_approved_on"):
                if not cleaned.get(name):
                    self.add_error(name, "A new limit needs who approved it and when.")
        return cleaned


@admin.register(Muscle)
class MuscleAdmin(CatalogueAdmin):
    """The depth limits belong to the practice."""

    form = MuscleForm
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
    list_display = ("name", "category", "usual_severity", "red_flag")


@admin.register(AftercareAdvice)
class AftercareAdviceAdmin(CatalogueAdmin):
    list_display = ("text", "kind", "retired_at")


@admin.register(WarningSign)
class WarningSignAdmin(CatalogueAdmin):
    list_display = ("question", "short_name", "call_emergency", "chest", "retired_at")


@admin.register(NeedlingSession)
class NeedlingSessionAdmin(OfPatient):
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
    reference_fields = ("request__session__ref",)
    patient_path = "request__session__patient__"

    def patient_of(self, obj):
        return obj.request.session.patient


@admin.register(FollowUp)
class FollowUpAdmin(OfSession):
    reference_fields = ("ref", "session__ref")
    list_display = ("ref", "step", "due_at", "closed_at")


@admin.register(SorenessReport)
class SorenessReportAdmin(OfPatient):
    reference_fields = ("followup__ref", "followup__session__ref")
    patient_path = "followup__session__patient__"

    def patient_of(self, obj):
        return obj.followup.session.patient
