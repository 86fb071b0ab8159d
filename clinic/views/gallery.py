"""Every component of the pages with sample contents. Served in DEBUG only, to any role."""

from django.shortcuts import render

from clinic.access import Permission, requires
from clinic.forms.gallery import Specimen
from clinic.rules.charts import axes, courses
from clinic.rules.charts.chart import Table, row_of

BANNER = {
    "initials": "AS",
    "pattern": 1,
    "name": "SAMPLE, Ana",
    "sex": "F",
    "age": "40 years",
    "born": "Jul 9, 1985",
    "ref": "7K4M9",
    "phone": "(555) 014-2290",
    "tags": [
        {"kind": "stop", "text": "Anticoagulant, asked May 12"},
        {"kind": "caution", "text": "Nickel allergy"},
    ],
    "states": [
        {"kind": "ok", "text": "Consent: neck, shoulder, back"},
        {"kind": "neutral", "text": "Pregnancy: not asked today"},
    ],
    "actions": [{"url": "#main", "label": "Continue session", "icon": "needle", "look": "primary"}],
}
TREND = courses.over_visits(
    "Pain before each visit fell from 7 to 6 over 3 visits",
    [courses.Pair("Apr 21", 7, 5, 0), courses.Pair("Apr 28", 7, 5, 1), courses.Pair("May 5", 6, 3, 2)],
    Table(
        ("Visit", "Before", "After"),
        (row_of("Apr 21", "7", "5"), row_of("Apr 28", "7", "5"), row_of("May 5", "6", "3")),
    ),
    scale=axes.TO_TEN,
)
KINDS = {
    "stop": "Consent missing",
    "caution": "Ends Friday",
    "ok": "Signed",
    "info": "In room 2",
    "neutral": "Expected",
    "draft": "Draft",
}
ICONS = (
    *(
        "stop",
        "caution",
        "ok",
        "info",
        "neutral",
        "draft",
        "search",
        "plus",
        "check",
        "x",
        "chev",
        "back",
        "down",
    ),
    *(
        "pencil",
        "clock",
        "phone",
        "print",
        "lock",
        "send",
        "needle",
        "body",
        "zoom",
        "off",
        "user",
        "menu",
        "undo",
    ),
    *("doc", "sum", "eyeoff", "eye", "calendar", "out", "tablet", "merge", "cog"),
)
COLOURS = [
    "canvas",
    "surface",
    "sunken",
    "ink",
    "ink2",
    "accent",
    "tint",
    "stop",
    "caution",
    "ok",
    "info",
    "skin",
]
FILLED = {
    "born": "5/23/1984",
    "mobile": "555 014",
    "pain": "7",
    "insertions": "3",
    "side": "right",
    "view": "back",
    "regions": ["b-utrap-r"],
}
FACTS = [
    {"label": "Health questions", "kind": "caution", "value": "Needs care", "sub": "Reviewed today 09:02"},
    {"label": "Cell phone", "value": "(555) 014-2290"},
    {"label": "Email", "value": ""},
]
BOOK = {"url": "#main", "label": "Book next visit", "icon": "plus", "look": "next", "about": "for Elise"}
LINES = [
    {
        "lead": "8:00 AM",
        "title": "Sample, Rune",
        "sub": "Signed 8:41 AM",
        "kind": "ok",
        "state": "Next: May 19",
    },
    {"lead": "8:15 AM", "title": "Sample, Elise", "sub": "Note not signed yet", "action": BOOK},
]


def contents() -> dict:
    return {
        "specimen": Specimen(FILLED),
        "strip": BANNER,
        "trend": TREND,
        "kinds": KINDS,
        "icons": ICONS,
        "colours": COLOURS,
        "facts": FACTS,
        "lines": LINES,
        "theirs": {"meta": "Jo Sample, 9:17 AM, desk 1", "value": "Right"},
        "mine": {"meta": "You, now", "value": "Left"},
        "marks": {"b-utrap-r": _mark("on", "1"), "b-rhom-r": _mark("next", "2")},
        "sore": {"b-utrap-r": _mark("s4", "7"), "b-infra-r": _mark("s2", "3"), "b-rhom-r": _mark("s3", "5")},
        "chosen": {"f-delt-r": _mark("on", "tick")},
    }


def _mark(cls, badge):
    return {"cls": cls, "badge": badge}


@requires(Permission.BOARD_VIEW)
def gallery(request):
    return render(request, "clinic/gallery.html", contents())
