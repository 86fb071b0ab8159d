"""Opens, changes and ends episodes of care."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import audit
from clinic.actions import form_baseline
from clinic.values import errors
from patients.actions import records
from patients.models import Episode, Patient
from patients.rules import episodes, merged

AUDITED_FIELDS = ("access", "referral_id", "target_visits", "visits_before", "certified_until")


@transaction.atomic
def current_episode(patient: Patient, *, by, on: dt.date) -> Episode:
    """The open episode of care; opens one when there is none."""
    # row lock on the patient: two people who open the first episode at once get the same one
    patient = records.lock_record(patient.pk)
    episode = patient.episodes.open().first()
    if episode is not None:
        return episode
    referral = patient.referrals.filter(given_on__lte=on).first()
    access = Episode.Access.REFERRAL if referral else Episode.Access.DIRECT
    episode = Episode.objects.create(
        patient=patient, access=access, referral=referral, opened_by=by, opened_on=on
    )
    audit.record("episode.opened", episode, by=by, patient=patient, changes={"access": [None, access]})
    return episode


@transaction.atomic
def change(episode: Episode, *, by, baseline: dict | None = None, **fields) -> Episode:
    """Change access, referral, planned and former visits, and the end of the certification.

    With the form's `baseline`, what a colleague changed since is kept.
    """
    episode = _lock(episode)
    before = _audited_values(episode)
    stored = {name: getattr(episode, name) for name in fields}
    message = _("Somebody changed this episode of care while you had it open.")
    fields = form_baseline.changes(stored, baseline, fields, message=message)
    for name, value in fields.items():
        setattr(episode, name, value)
    if episode.access == Episode.Access.DIRECT:
        episode.referral = None
    errors.refuse(episodes.reasons(episode))
    changes = audit.difference(before, _audited_values(episode))
    if changes:
        episode.save(update_fields=[*fields, "referral"])
        audit.record("episode.changed", episode, by=by, patient=episode.patient, changes=changes)
    return episode


@transaction.atomic
def discharge(episode: Episode, *, by, summary: str) -> Episode:
    """End the episode. Its conditions stay; the next condition opens a new episode."""
    episode = _lock(episode)
    errors.refuse(episodes.reasons(episode))
    episode.discharged_at, episode.discharged_by, episode.summary = timezone.now(), by, summary
    episode.save(update_fields=["discharged_at", "discharged_by", "summary"])
    audit.record("episode.discharged", episode, by=by, patient=episode.patient, reason=summary)
    return episode


def _lock(episode: Episode) -> Episode:
    rows = Episode.objects.select_related("patient").select_for_update(of=("self", "patient"))
    locked = rows.get(pk=episode.pk)
    errors.refuse(merged.reasons(locked.patient))
    return locked


def _audited_values(episode: Episode) -> dict:
    return {name: getattr(episode, name) for name in AUDITED_FIELDS}
