"""A note as it is read: its sentences, key facts and figure."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from clinic.rules.body_chart import CROPS, regions_by_code, shapes
from clinic.values.words import in_source_words
from treatments.models import NeedlingSession
from treatments.rules.session import sentences
from treatments.rules.session.draft import Draft
from treatments.rules.signing import seal

# A badge nearer to the edge than this would be cut.
MARGIN = 20
SIDE_LETTERS = {"left": ["l"], "right": ["r"], "midline": ["l", "r"]}


@dataclass(frozen=True)
class Note:
    """`sites` are dicts of number, head, tail, struck; `facts` of label, value."""

    sites: list[dict]
    sentences: list[str]
    facts: list[dict]
    marks: dict[str, dict]
    verdict: seal.SealCheck | None = None
    now_sites: list[dict] = field(default_factory=list)
    now_sentences: list[str] = field(default_factory=list)
    signed_as: str = ""
    supervised_as: str = ""
    # who it was when it was signed, by name; empty where no seal says it
    signer: str = ""
    supervisor: str = ""
    patient: str = ""
    born: dt.date | None = None

    @property
    def zoom(self) -> str:
        """The crop of the figure that still shows every site."""
        return "upper" if all(_is_upper(view, found) for view, found in self.marks.items()) else "whole"

    @property
    def differs(self) -> bool:
        return self.verdict is not None and not self.verdict.agrees

    @property
    def changed(self) -> list:
        """What the database has now and the signed text has not; the page marks it."""
        sites = [site for site in self.now_sites if site not in self.sites]
        return [*sites, *(text for text in self.now_sentences if text not in self.sentences)]

    @property
    def lost(self) -> list:
        """What was signed and is not in the database any more."""
        sites = [site for site in self.sites if site not in self.now_sites]
        gone = [*sites, *(text for text in self.sentences if text not in self.now_sentences)]
        return gone if self.now_sentences else []

    @property
    def advice(self) -> list[str]:
        """What the patient takes home in words; paper sets it small."""
        return [text for text in self.sentences if text.startswith(sentences.ADVICE)]

    @property
    def standing(self) -> list[dict]:
        return [site for site in self.sites if not site["struck"]]


def signed_note(text: dict, verdict: seal.SealCheck, *, now: dict) -> Note:
    """The note as the seal's text has it. `now`: the text of the rows, where they say something else."""
    return Note(
        sites=text["said"]["sites"],
        sentences=text["said"]["session"],
        facts=key_facts(text["locked"]),
        marks=marks(text["said"]["sites"]),
        verdict=verdict,
        now_sites=now.get("sites", []),
        now_sentences=now.get("session", []),
        signed_as=seal.signer_text(text, "signer"),
        supervised_as=seal.signer_text(text, "supervisor"),
        **seal.people(text),
    )


def unsealed_note(draft: Draft) -> Note:
    """A draft, or one that ended without a signature: in the words that a seal has or would have."""
    sites = seal.site_texts(draft.sites)
    return Note(sites=sites, sentences=draft_sentences(draft), facts=_draft_facts(draft), marks=marks(sites))


@in_source_words()
def draft_sentences(draft: Draft) -> list[str]:
    """Everything but the sites."""
    given = [item.text for item in draft.advice if item.code in draft.advice_given]
    parts = sentences.NoteParts(draft.sites, draft.conditions, draft.measurements, given)
    return sentences.session_sentences(draft.session, parts)


def marks(sites: list[dict]) -> dict[str, dict]:
    """Marks of the figure, front and back, with the numbers of the sites."""
    found: dict[str, dict] = {"front": {}, "back": {}}
    for site in sites:
        region = regions_by_code().get(site["region"])
        if site["struck"] or region is None:
            continue
        for letter in SIDE_LETTERS[site["side"]]:
            at = found[region["view"]]
            code = f"{site['region']}-{letter}"
            badge = f"{at[code]['badge']},{site['number']}" if code in at else str(site["number"])
            at[code] = {"cls": "on", "badge": badge}
    return found


def _is_upper(view: str, found: dict) -> bool:
    """Whether every mark of this view stands inside the picture's upper crop."""
    heights = {shape["code"]: shape["badge"][1] for shape in shapes(view)}
    _left, top, _width, height = CROPS["upper"]
    return all(heights[code] < top + height - MARGIN for code in found)


def key_facts(locked: dict) -> list[dict]:
    """The key facts above a note, from the columns that were signed."""
    row = locked["session"]
    pains = [(c["pain_before"], c["pain_after"]) for c in locked["conditions"] if not c["removed_at"]]
    needles = sum(site["needles"] for site in locked["sites"] if not site["struck_at"])
    start, end = (parse_datetime(row[name]) if row[name] else None for name in ("started_at", "ended_at"))
    # columns of later seals
    without, why = row.get("not_needled", ""), row.get("billing_modifiers_reason", "")
    found = _facts(
        pains, row["tolerance"], needles, row["needles_out"], row["billing_code"], start, end,
        not_needled=without,
    )  # fmt: skip
    return [*found, *modifiers_facts(row.get("billing_modifiers", ""), why)]


def modifiers_facts(modifiers: str, reason: str) -> list[dict]:
    """“GX GY. Medicare does not cover it. A voluntary notice was given Nov 28, 2026.”"""
    value = f"{modifiers}. {reason}" if modifiers else reason
    return [{"label": _("Modifiers"), "value": value}] if value else []


def _draft_facts(draft: Draft) -> list[dict]:
    session = draft.session
    pains = [(row.pain_before, row.pain_after) for row in draft.conditions]
    needles = sum(site.needles for site in draft.standing_sites)
    return _facts(
        pains, session.tolerance, needles, session.needles_out, session.billing_code, session.started_at,
        session.ended_at, not_needled=session.not_needled,
    )  # fmt: skip


def _facts(pains, tolerance, needles, out, code, start, end, *, not_needled="") -> list[dict]:
    shown = ", ".join(f"{_number(before)} → {_number(after)}" for before, after in pains)
    minutes = round((end - start) / dt.timedelta(minutes=1)) if start and end else None
    counted = _("%(in)s in, %(out)s out") % {"in": needles, "out": _number(out)}
    return [
        {"label": _("Pain"), "value": shown},
        {"label": _("Tolerance"), "value": _tolerated(tolerance)},
        {"label": _("Needles"), "value": _("None") if not_needled else counted},
        {"label": _("CPT code"), "value": code},
        {"label": _("Time"), "value": "" if minutes is None else _("%(minutes)s min") % {"minutes": minutes}},
    ]


def _tolerated(tolerance: str) -> str:
    if tolerance == NeedlingSession.Tolerance.WELL:
        return _("Well")
    return str(NeedlingSession.Tolerance(tolerance).label) if tolerance else ""


def _number(value) -> str:
    return "–" if value is None else str(value)
