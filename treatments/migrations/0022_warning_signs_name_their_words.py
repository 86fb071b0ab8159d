"""A soreness report names the version of each question's words instead of repeating them."""

from django.db import migrations

from clinic.locks.rewriting import change_locked_rows

CHUNK = 500
REASON = "The words of questions are kept once, and reports name their version."
CATALOGUE = "warning_sign"


def forth(apps, schema_editor) -> dict[str, int]:
    model = apps.get_model("patients", "QuestionWording")
    known = _known(model)
    return _rewrite(apps, lambda signs: [_packed(sign, known, model) for sign in signs])


def back(apps, schema_editor) -> dict[str, int]:
    known = _known(apps.get_model("patients", "QuestionWording"))
    return _rewrite(apps, lambda signs: [_worded(sign, known) for sign in signs])


def _known(model) -> dict[str, list[str]]:
    """{code: its texts by version, the first one first}."""
    known: dict[str, list[str]] = {}
    for row in model.objects.filter(catalogue=CATALOGUE).order_by("version"):
        known.setdefault(row.code, []).append(row.text)
    return known


def _rewrite(apps, change) -> dict[str, int]:
    reports = apps.get_model("treatments", "SorenessReport").objects.order_by("pk")
    some, changed = list(reports[:CHUNK]), 0
    while some:
        for row in some:
            row.warning_signs = change(row.warning_signs)
        reports.model.objects.bulk_update(some, ["warning_signs"])
        changed += len(some)
        some = list(reports.filter(pk__gt=some[-1].pk)[:CHUNK])
    return {"treatments_sorenessreport": changed}


def _packed(sign: dict, known: dict[str, list[str]], model) -> str:
    texts = known.setdefault(sign["code"], [])
    if sign["question"] not in texts:
        texts.append(sign["question"])
        model.objects.create(
            catalogue=CATALOGUE, code=sign["code"], version=len(texts), text=sign["question"]
        )
    return f"{sign['code']} {texts.index(sign['question']) + 1} {sign['answer']}"


def _worded(sign: str, known: dict[str, list[str]]) -> dict:
    code, version, answer = sign.split(" ")
    return {"code": code, "question": known[code][int(version) - 1], "answer": answer}


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0019_only_what_a_page_uses_is_indexed"),
        ("patients", "0012_questions_are_worded_once"),
        ("treatments", "0021_a_seal_is_compressed"),
    ]

    operations = [change_locked_rows(REASON, forth, back)]
