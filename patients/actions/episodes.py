"""The course of treatment: found or opened, changed, ended."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.values import errors
from patients.actions import records
from patients.models import Episode, Patient
from patients.rules import episodes, merged

AUDITED_FIELDS = ("access", "referral_id", "target_visits", "visits_before", "certified_until")


@transaction.atomic
def current_episode(patient: Patient, *, by, on: dt.date) -> Episode:
    """The open course of treatment; one is opened where none stands."""
    # the patient's row is the lock: two people who open the first course at once get the same one
    patient = records.lock_record(patient.pk)
    standing = patient.episodes.open().first()
    if standing is not None:
        return standing
    referral = patient.referrals.filter(given_on__lte=on).first()
    access = Episode.Access.REFERRAL if referral else Episode.Access.DIRECT
    episode = Episode.objects.create(
        patient=patient, access=access, referral=referral, opened_by=by, opened_on=on
    )
    audit.record("episode.opened", episode, by=by, patient=patient, changes={"access": [None, access]})
    return episode


@transaction.atomic
def change(episode: Episode, *, by, **fields) -> Episode:
    """Note how the patient came, how many visits are meant and made, and until when it is certified."""
    episode = _locked(episode)
    before = _noted(episode)
    for name, value in fields.items():
        setattr(episode, name, value)
    if episode.access == Episode.Access.DIRECT:
        episode.referral = None
    errors.refuse(episodes.reasons(episode))
    changes = audit.difference(before, _noted(episode))
    if changes:
        episode.save(update_fields=[*fields, "referral"])
        audit.record("episode.changed", episode, by=by, patient=episode.patient, changes=changes)
    return episode


@transaction.atomic
def discharge(episode: Episode, *, by, summary: str) -> Episode:
    """End the course. What was treated stays; the next condition opens a new course."""
    episode = _locked(episode)
    errors.refuse(episodes.reasons(episode))
    episode.discharged_at, episode.discharged_by, episode.summary = timezone.now(), by, summary
    episode.save(update_fields=["discharged_at", "discharged_by", "summary"])
    audit.record("episode.discharged", episode, by=by, patient=episode.patient, reason=summary)
    return episode


def _locked(episode: Episode) -> Episode:
    rows = Episode.objects.select_related("patient").select_for_update(of=("self", "patient"))
    standing = rows.get(pk=episode.pk)
    errors.refuse(merged.reasons(standing.patient))
    return standing


def _noted(episode: Episode) -> dict:
    return {name: getattr(episode, name) for name in AUDITED_FIELDS}
