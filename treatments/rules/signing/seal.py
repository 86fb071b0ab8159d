"""The seal of a signed note: its text as canonical JSON, and whether the rows still agree with it.

Version 1 knew the signer and their credentials. Version 2 adds the roles, the profile behind each credential,
the supervisor, the profile's name and the years of the code sets. Version 3 adds who counted the needles a
second time, and why nobody was needled. Version 4 writes days and times as pages do. All are read and checked
here, and compared in their own way of writing (`clinic.formats.sealed`).
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from clinic import formats
from clinic.formats import sealed as signed_formats
from clinic.models import Credential
from clinic.models.rows import day
from clinic.values.words import in_source_words
from treatments.models import NeedleSite, NeedlingSession, Seal
from treatments.rules.session import sentences
from treatments.rules.session.parts import DraftSite

VERSION = 4
Kind = Credential.Kind
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True)
class SealCheck:
    """Whether the rows agree with the seal. `differences` are (where, signed, now) in plain values."""

    text_is_whole: bool
    differences: tuple[tuple[str, object, object], ...] = ()

    @property
    def agrees(self) -> bool:
        return self.text_is_whole and not self.differences


MISSING_SEAL = SealCheck(text_is_whole=False)


def compose(
    session: NeedlingSession,
    *,
    locked: dict,
    text: dict,
    signer: dict,
    supervisor: dict | None,
    catalogues: dict,
    at: dt.datetime,
    own_rows: dict | None = None,
) -> str:
    """The text to be sealed. `text` is the note as it reads; `session` with its patient and jurisdiction.

    `own_rows` are the practice's own muscles and conditions in it: no file of a release says what they were.
    A note without any has the bytes that it had before there were such rows.
    """
    years = {row["code_set_year"] for row in locked["conditions"] if row["code_set_year"]}
    return canonical(
        {
            "version": VERSION,
            "sealed_at": plain_time(at),
            "signer": signer,
            "supervisor": supervisor,
            "patient": {
                "ref": session.patient.ref,
                "name": session.patient.listed_name,
                "born": session.patient.born.isoformat(),
            },
            "jurisdiction": session.jurisdiction.code,
            "profile": session.jurisdiction.name,
            "catalogues": catalogues,
            "code_set_years": sorted(years),
            **_expired(locked["conditions"]),
            "locked": locked,
            "said": text,
            **({"own_rows": own_rows} if own_rows else {}),
        }
    )


def _expired(conditions: list[dict]) -> dict:
    """The sets that had ended on the day of the session; nothing where none had."""
    ended = {row["code_set_year"]: row["code_set_ended_on"] for row in conditions if row["code_set_ended_on"]}
    return {"expired_code_sets": {str(year): day for year, day in ended.items()}} if ended else {}


def standing_parts(sites, conditions, measurements, aftercare) -> sentences.NoteParts:
    """Every site, and of the other rows those that were not taken out again."""
    return sentences.NoteParts(
        sites=list(sites),
        conditions=[row for row in conditions if not row.removed_at],
        measurements=[row for row in measurements if not row.struck_at],
        advice=[row.text for row in aftercare if row.given_at],
    )


@in_source_words()
def note_text(session: NeedlingSession, parts: sentences.NoteParts, *, version: int = VERSION) -> dict:
    """The note in sentences: what is read back, what is signed and what is shown, as that version writes."""
    with signed_formats.of_version(version):
        return {
            "sites": site_texts(parts.sites),
            "session": sentences.session_sentences(session, parts),
        }


@in_source_words()
def site_texts(sites: Iterable[NeedleSite | DraftSite]) -> list[dict]:
    return [_site_text(site) for site in sites]


def _site_text(site: NeedleSite | DraftSite) -> dict:
    return {
        "number": site.number,
        "head": sentences.site_head(site),
        "tail": sentences.site_tail(site),
        "region": site.region.code if site.region else "",
        "side": site.side,
        "struck": site.struck_at is not None,
    }


def canonical(values: dict) -> str:
    return _encode(values)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read(seal: Seal) -> dict:
    return json.loads(seal.text)


@lru_cache(maxsize=1024)
def plain_time(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def check(text: str, sealed_digest: str, now: dict) -> SealCheck:
    """Compare what was sealed with the locked columns as they stand `now`, column by column.

    Only columns that the seal knows are compared: a column that a later release added was not signed.
    """
    signed = json.loads(text)["locked"]
    found = compare("session", signed["session"], now["session"])
    for name in [part for part in now if part != "session"]:
        found += compare_rows(name, signed[name], now[name])
    return SealCheck(digest(text) == sealed_digest, tuple(found))


def compare(where: str, signed: dict, now: dict) -> list[tuple]:
    return [
        (f"{where} {name}", value, now.get(name)) for name, value in signed.items() if now.get(name) != value
    ]


def compare_rows(name: str, signed: list[dict], now: list[dict]) -> list[tuple]:
    before, after = {row["id"]: row for row in signed}, {row["id"]: row for row in now}
    found = [(f"{name} {pk}", "present", "gone") for pk in before.keys() - after.keys()]
    found += [(f"{name} {pk}", "not there", "added") for pk in after.keys() - before.keys()]
    for pk in sorted(before.keys() & after.keys()):
        found += compare(f"{name} {pk}", before[pk], after[pk])
    return found


def people(sealed: dict) -> dict:
    """Who the note names, as it was signed: signer, supervisor and patient."""
    patient = sealed.get("patient") or {}
    return {
        "signer": (sealed.get("signer") or {}).get("name", ""),
        "supervisor": (sealed.get("supervisor") or {}).get("name", ""),
        "patient": patient.get("name", ""),
        "born": day(patient["born"]) if patient.get("born") else None,
    }


def signer_text(sealed: dict, who: str) -> str:
    """“Maria Lund, PT, license PT-20417 to 3 Mar 2028, under General”, as it stood when it was signed.

    With the NPI where one was on file.
    """
    person = sealed.get(who)
    if not person:
        return ""
    licences = [row for row in person["credentials"] if row["kind"] == Kind.LICENCE]
    identifiers = [f"NPI {row['number']}" for row in person["credentials"] if row["kind"] == Kind.NPI]
    parts = [person["name"], *(_licence(row) for row in licences), *identifiers]
    return _("%(signer)s, under %(rules)s") % {
        "signer": ", ".join(parts),
        "rules": sealed.get("profile") or sealed["jurisdiction"],
    }


def _licence(row: dict) -> str:
    number = f" {row['number']}" if row["number"] else ""
    if not row["expires_on"]:
        return _("license%(number)s") % {"number": number}
    until = formats.day(day(row["expires_on"]))
    return _("license%(number)s to %(day)s") % {"number": number, "day": until}
