"""The admin as anybody registers it: a patient with the sessions, a session with its sites."""

from django.contrib import admin

from bench.stock.models import Patient, Session, Site


class SessionInline(admin.TabularInline):
    model = Session
    fields = ("ref", "therapist", "started_at", "note", "plan")
    extra = 0
    show_change_link = True


class SiteInline(admin.TabularInline):
    model = Site
    extra = 3


@admin.register(Patient)
class PatientAdmin(admin.ModelAdmin):
    list_display = ("ref", "family_name", "given_name", "born", "phone")
    search_fields = ("ref", "family_name", "given_name")
    inlines = (SessionInline,)


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin):
    list_display = ("ref", "patient", "therapist", "started_at")
    # a list of all patients to choose from would not be usable
    raw_id_fields = ("patient",)
    inlines = (SiteInline,)
