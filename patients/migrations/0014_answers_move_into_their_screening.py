"""Each answer moves from a row of its own into its questionnaire, its question's words into their version."""

from django.db import migrations

from clinic.django_internals import writes
from clinic.locks.rewriting import change_locked_rows

CHUNK = 500
REASON = "Answers are kept in the row of their questionnaire, and the words of questions once."
ANSWERS = "patients_screeninganswer"


def forth(apps, schema_editor) -> dict[str, int]:
    screenings = apps.get_model("patients", "Screening").objects.order_by("pk")
    answers = apps.get_model("patients", "ScreeningAnswer").objects
    versions, moved = _Versions(apps.get_model("patients", "QuestionWording")), 0
    for some in _chunks(screenings):
        rows = answers.filter(screening__in=some).select_related("item").order_by("item__position", "pk")
        by_screening: dict = {}
        for row in rows:
            by_screening.setdefault(row.screening_id, []).append(row)
        for screening in some:
            _pack(screening, by_screening.get(screening.pk, ()), versions)
        screenings.model.objects.bulk_update(some, ["concerns", "other_answers"])
        # they go with their table; the audit has to know that they are gone
        writes.note(schema_editor.connection, ANSWERS, [row.pk for row in rows])
        moved += len(rows)
    return {ANSWERS: moved}


def back(apps, schema_editor) -> dict[str, int]:
    screenings = apps.get_model("patients", "Screening").objects.order_by("pk")
    answers = apps.get_model("patients", "ScreeningAnswer").objects
    items = dict(apps.get_model("patients", "ScreeningItem").objects.values_list("code", "pk"))
    wordings = apps.get_model("patients", "QuestionWording").objects.filter(catalogue="health")
    words = {(row.code, str(row.version)): row.text for row in wordings}
    moved = 0
    for some in _chunks(screenings):
        rows = [
            answers.model(screening=screening, **_columns(entry, items, words))
            for screening in some
            for entry in [*screening.concerns, *screening.other_answers]
        ]
        answers.bulk_create(rows)
        moved += len(rows)
    return {ANSWERS: moved}


class _Versions:
    """The version of each question's words; words that are new get the next one."""

    def __init__(self, model):
        self.model = model
        rows = model.objects.filter(catalogue="health").order_by("version")
        self.known: dict[str, list[str]] = {}
        for row in rows:
            self.known.setdefault(row.code, []).append(row.text)

    def of(self, code: str, text: str) -> int:
        texts = self.known.setdefault(code, [])
        if text not in texts:
            texts.append(text)
            self.model.objects.create(catalogue="health", code=code, version=len(texts), text=text)
        return texts.index(text) + 1


def _chunks(rows):
    some = list(rows[:CHUNK])
    while some:
        yield some
        some = list(rows.filter(pk__gt=some[-1].pk)[:CHUNK])


def _pack(screening, answers, versions: _Versions) -> None:
    screening.concerns, screening.other_answers = [], []
    for row in answers:
        version = versions.of(row.item.code, row.question_text)
        entry = f"{row.item.code} {version} {row.answer} {row.level}"
        if row.regions:
            entry = [entry, row.detail, row.regions]
        elif row.detail:
            entry = [entry, row.detail]
        is_concern = row.answer in (row.item.concern_answer, "unknown")
        (screening.concerns if is_concern else screening.other_answers).append(entry)


def _columns(entry, items: dict, words: dict) -> dict:
    fixed, *more = [entry] if isinstance(entry, str) else entry
    detail, regions = (*more, *("", [])[len(more) :])
    code, version, answer, level = fixed.split(" ")
    return {
        "item_id": items[code],
        "question_text": words[code, version],
        "level": level,
        "answer": answer,
        "detail": detail,
        "regions": regions,
    }


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0014_a_one_time_password_works_once_and_ends"),
        ("patients", "0013_a_screening_holds_its_answers"),
    ]

    operations = [change_locked_rows(REASON, forth, back)]
