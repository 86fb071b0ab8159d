"""Writes of the administration: every form and every action of its tables, as an administrator sends them."""

from collections.abc import Iterator

from django.contrib import admin
from django.db.models import Model
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from clinic.actions import state_rules
from clinic.models import BodyRegion, Jurisdiction, Practice, Role, User
from patients.models import Condition, ConditionName, ConsentText, DiagnosisFamily, ScreeningItem
from tests import factories, second_factor, world
from tests.form_submissions import Submission, form_of, typed_names
from treatments.models import Muscle

CONSENT_TEXT = {"title": "Needling", "body": "Thin needles.", "statements": "Read: I have read it."}
GRANT = {"role_grants-0-role": "therapist", "role_grants-0-from_on": "1/5/2026"}
APPROVED = {"source": "Course manual 2026", "approved_by": "Dr. H. Oduya", "approved_on": "3/2/2026"}
RETIRED = {"retire": "on", "retired_here_reason": "Not done here.", "retired_here_approver": "Dr. H. Oduya"}
LICENSE = {"kind": "licence", "number": "PT-4711", "expires_on": "1/31/2027"}


def submissions(practice: world.World) -> Iterator[Submission]:
    yield from _of_accounts(practice)
    yield from _of_places(practice)
    yield from _of_limits(practice)
    yield from _of_own_rows(practice)
    yield from _of_state_rules(practice)
    yield from _of_consent_texts(practice)


def offered_forms(user: User) -> set[str]:
    """Every form and action that the admin offers to this user."""
    request = RequestFactory().get("/admin/")
    request.user = user
    found = set()
    for model, page in admin.site._registry.items():
        found |= {page_of(model, "add")} if page.has_add_permission(request) else set()
        found |= {page_of(model, "change")} if page.has_change_permission(request) else set()
        found |= {f"{page_of(model, 'changelist')} {action}" for action in page.get_actions(request)}
    return found


def page_of(model: type[Model], kind: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}"


def _of_accounts(practice) -> Iterator[Submission]:
    named = {"username": "newhand", "first_name": "Nell", "last_name": "Newhand", "profession": "pt"}
    yield _with_license(practice, _form(practice, User, **named, **GRANT))
    staff_user = factories.user("stays", Role.FRONT_DESK)
    again = {name.replace("-0-", "-1-"): value for name, value in GRANT.items()}
    yield _with_license(practice, _form(practice, User, staff_user, last_name="Staysworth", **again))
    yield _deactivation(practice, factories.user("leaves", Role.THERAPIST))
    locked_out = [factories.user(f"locked{number}", Role.FRONT_DESK) for number in (1, 2)]
    for user in locked_out:
        second_factor.give_app(user)
    yield _action("give_one_time_password", locked_out)
    yield _action("reset_factors", locked_out)


def _deactivation(practice, user: User) -> Submission:
    submission = _form(practice, User, user)
    del submission.data["is_active"]
    submission.name += " leaving"
    return submission


def _with_license(practice, submission: Submission) -> Submission:
    """Adds a credential row, as the admin's inline script does."""
    blank = {
        name: value for name, value in submission.data.items() if name.startswith("credentials-__prefix__-")
    }
    row = {name.replace("__prefix__", "0"): value for name, value in blank.items()}
    license_fields = {f"credentials-0-{name}": [value] for name, value in LICENSE.items()}
    submission.data |= {**row, **license_fields, "credentials-TOTAL_FORMS": ["1"]}
    return submission


def _of_places(practice) -> Iterator[Submission]:
    new_location = {"code": "annex", "name": "The annex", "state": "IL", "rooms-0-name": "Garden room"}
    location = factories.location()
    yield _form(practice, type(location), **new_location)
    yield _form(
        practice, type(location), location, **{"phone": "(555) 555-0150", "rooms-0-name": "Attic room"}
    )


def _of_limits(practice) -> Iterator[Submission]:
    yield _form(practice, Practice, Practice.objects.get(), followup_hours="24,48", idle_lock_minutes="5")
    approved = {"limit_approved_by": "Dr. H. Oduya", "limit_approved_on": "3/2/2026"}
    yield _form(practice, Muscle, Muscle.objects.get(code="rho"), depth_limit_mm="15", **approved)


def _of_own_rows(practice) -> Iterator[Submission]:
    """A row of each catalogue to which a practice adds, and one of the file that it retires."""
    condition = Condition.objects.first()
    said = {
        Muscle: {"code": "ae", "name": "Anconeus epitrochlearis", "regions": [_first_region()]},
        Condition: {"code": "text-neck", "name": "Postural neck pain", "patient_term": "Text neck",
                    "kind": "diagnosis", "side_policy": "any"},
        DiagnosisFamily: {"condition": str(condition.pk), "variant": "posture", "label": "Posture",
                          "code_right": "M54.2", "code_left": "M54.2", "code_set_year": "2026"},
        ConditionName: {"condition": str(condition.pk), "name": "phone neck"},
        ScreeningItem: {"code": "cold-sores", "question": "Do you have cold sores?",
                        "kind": "visit", "scope": "patient", "strip_label": "Cold sores",
                        "guidance": "Keep away."},
    }  # fmt: skip
    for model, typed in said.items():
        yield _form(practice, model, **typed, **APPROVED)
        if model is not Muscle:
            yield _form(practice, model, model.objects.first(), **RETIRED)


def _first_region() -> str:
    return str(BodyRegion.objects.first().pk)


def _of_state_rules(practice) -> Iterator[Submission]:
    shipped = Jurisdiction.objects.get(code="us-il-pt")
    own = state_rules.copy(shipped, by=practice.people["admin"])
    yield _form(practice, Jurisdiction, own, hours_total="60", checked_on="3/2/2026", approve="on")
    yield _action("copy_rules", [shipped])


def _of_consent_texts(practice) -> Iterator[Submission]:
    waiting = [
        ConsentText.objects.create(version=f"waits-{number}", title="Waits", body="Waits.", digest="-")
        for number in (1, 2)
    ]
    yield _form(practice, ConsentText, version="2026-c", **CONSENT_TEXT)
    yield _form(practice, ConsentText, waiting[0], **CONSENT_TEXT)
    yield _action("publish", waiting)
    served = ConsentText.objects.create(
        version="served", title="Served", body="Served.", digest="-", published_at=timezone.now()
    )
    yield _action("retire", [served])


def _form(practice, model: type[Model], row: Model | None = None, **typed) -> Submission:
    """The change or add form with these fields filled in and *Save* pressed."""
    name = page_of(model, "change" if row else "add")
    path = reverse(name, args=[row.pk] if row else [])
    form = form_of(practice, "admin", path, "csrfmiddlewaretoken", *(typed or ["is_active"]))
    return Submission(name, "admin", path, {**form.filled(**typed), "_save": ["Save"]}, typed_names(form))


def _action(action: str, rows: list[Model]) -> Submission:
    """An admin action on the selected rows of a list."""
    listing = page_of(type(rows[0]), "changelist")
    ticked = {"action": action, "_selected_action": [str(row.pk) for row in rows], "index": "0"}
    return Submission(f"{listing} {action}", "admin", reverse(listing), ticked)
