"""Whatever a person reads of what Python says passes through gettext, so that another language can follow."""

from pathlib import Path

import pytest

from tests.python_texts import Text, shadowed, untranslated

ROOT = Path(__file__).parents[1]
# Whose modules are looked at.
APPS = ("clinic", "patients", "treatments")

# Modules, or all of a package, whose texts nobody translates.
EXCEPTIONS = {
    "clinic/actions/moving.py": "what move_record prints",
    "clinic/audit/recording.py": "tells a developer who records outside a transaction",
    "patients/rules/bringing_in/columns.py": "what files of other systems call a column",
    "clinic/audit/row_check.py": "what verify_record prints",
    "clinic/audit/rows.py": "what verify_record prints",
    "clinic/audit/verification.py": "what verify_record prints",
    "clinic/backup/": "what the commands of a backup print",
    "clinic/capabilities.py": "documentation",
    "clinic/values/states.py": "proper names",
    "clinic/django_internals/": "tells the operator which shortcut is off",
    "clinic/formats/": "a country's formats: another country is another file",
    "clinic/forms/gallery.py": "samples of components, in DEBUG only",
    "clinic/forms/held_forms.py": "refuses what no page of ours sends",
    "clinic/locks/": "specification and messages of the triggers, printed by verify_record",
    "clinic/management/": "commands",
    "clinic/mint.py": "a command",
    "clinic/moving/": "what move_record prints",
    "clinic/views/health.py": "words for a monitor",
    "clinic/views/gallery.py": "samples of components, in DEBUG only",
    "clinic/web/logs.py": "lines of the log",
    "clinic/web/uploads.py": "refuses what no page of ours sends",
    "patients/capabilities.py": "documentation",
    "patients/management/": "commands",
    "patients/selectors/papers.py": "what verify_record prints",
    "patients/rules/conditions/typed_words.py": "words that are typed, as the catalogue's language has them",
    "treatments/capabilities.py": "documentation",
    "treatments/management/": "commands",
    "treatments/selectors/practice_export/schema.py": "describes the files to another system",
    "treatments/selectors/practice_export/tables.py": "describes the files to another system",
    "treatments/selectors/practice_export/values.py": "describes the files to another system",
    "treatments/rules/signing/seal_check.py": "what verify_record prints",
    "treatments/rules/followups/told_signs.py": "words that patients say, as they say them",
}
# Single texts: the module, how the text begins, and why it stays as it is.
LEFT_AS_THEY_ARE = [
    ("clinic/models/base.py", "The x of x x is locked", "an error that no page shows"),
    ("clinic/models/first_start.py", "first link x", "the name of a row in a log"),
    ("clinic/models/held_forms.py", "held form x", "the name of a row in a log"),
    ("clinic/models/practice.py", "Our practice", "the first value of a column"),
    ("clinic/models/practice.py", "If you are short of breath", "the first value of a column"),
    ("clinic/rules/charts/axes.py", "Mx xHx", "the path of a line"),
    ("patients/rules/conditions/other_complaints.py", "broken bunion", "complaints that are typed"),
    ("patients/rules/conditions/vocabulary.py", "neck back head", "words of names in the catalogue"),
    ("patients/rules/conditions/vocabulary.py", "pain strain tight", "words of names in the catalogue"),
    ("patients/rules/consents.py", "The young person agrees", "a statement that stands in the record"),
    ("patients/rules/restrictions.py", "The only clinical lead", "stands in the audit with the reason"),
    ("patients/rules/screenings.py", "This practice", "stands in the record"),
    ("patients/selectors/banner.py", "strip_label", "the name of a column"),
    ("treatments/actions/followups/calls.py", "Declined on the phone.", "stands in the record"),
    ("treatments/actions/sharps.py", "An injury of staff is not part", "stands in the record and the audit"),
    ("treatments/actions/signing/after_signing.py", "Note entered in error.", "stands in the record"),
    ("treatments/actions/signing/after_signing.py", "The draft was voided.", "stands in the record"),
    ("treatments/actions/signing/after_signing.py", "site x, needles", "stands in the audit"),
    ("treatments/actions/signing/signature.py", "Nobody was needled", "stands in the record"),
    ("treatments/actions/signing/wrong_patient.py", "Written first in the note", "stands in the record"),
    ("treatments/actions/sites/correction.py", "site x, x", "stands in the audit"),
    ("treatments/models/signing.py", "change of supervisor x", "the name of a row in a log"),
    ("treatments/selectors/merging.py", "ref", "the name of a column"),
    ("patients/models/merged.py", "likely pair x", "the name of a row in a log"),
    ("treatments/models/followups/contacts.py", "red flag x", "the name of a row in a log"),
    ("treatments/models/followups/warning_signs.py", "level decision x", "the name of a row in a log"),
    ("treatments/models/session/coediting.py", "draft presence x", "the name of a row in a log"),
    ("treatments/models/session/measured.py", "cervical range of motion device", "stands in the record"),
    ("treatments/models/session/measured.py", "pressure algometer, ", "stands in the record"),
    ("treatments/models/session/measured.py", "Ashworth scale", "stands in the record"),
    ("treatments/models/session/parts.py", "draft event x", "the name of a row in a log"),
    ("treatments/models/session/unsaved.py", "unkept entry x", "the name of a row in a log"),
    ("treatments/models/sharps.py", "sharps injury x", "the name of a row in a log"),
    ("treatments/rules/adverse_events/register.py", "the last year", "stands in the audit"),
    ("treatments/rules/session/draft.py", "draft of x", "the name of a draft in a log"),
    ("treatments/rules/session/fields.py", "Not asked", "stands in the record"),
    ("treatments/rules/signing/wrong_patient.py", "Note entered in error: wrong", "stands in the record"),
    ("treatments/rules/sites/muscle_review.py", "no source found", "a mark of the muscles' catalogue"),
    ("treatments/rules/sites/screening_effects.py", "Lumbar and pelvis", "a group of the muscles' catalogue"),
    ("treatments/selectors/session/statement.py", "strip_label", "the name of a column"),
]


def modules() -> list[str]:
    found = (path.relative_to(ROOT).as_posix() for app in APPS for path in (ROOT / app).rglob("*.py"))
    return sorted(path for path in found if "/migrations/" not in path)


def _is_exception(module: str) -> bool:
    return any(module == place or (place[-1] == "/" and module.startswith(place)) for place in EXCEPTIONS)


def _texts_of(module: str) -> list[Text]:
    return untranslated((ROOT / module).read_text())


def _stays(module: str, text: str) -> bool:
    return any(module == place and text.startswith(start) for place, start, _why in LEFT_AS_THEY_ARE)


@pytest.mark.parametrize("module", [module for module in modules() if not _is_exception(module)])
def test_every_text_of_a_module_passes_through_gettext(module):
    assert [found for found in _texts_of(module) if not _stays(module, found.text)] == []


@pytest.mark.parametrize("module", modules())
def test_no_variable_takes_the_name_of_the_translation(module):
    assert list(shadowed((ROOT / module).read_text())) == []


@pytest.mark.parametrize("place", EXCEPTIONS)
def test_every_exception_is_needed(place):
    covered = [module for module in modules() if module == place or module.startswith(place)]

    assert any(_texts_of(module) for module in covered)


@pytest.mark.parametrize(("module", "start", "why"), LEFT_AS_THEY_ARE)
def test_every_text_that_is_left_as_it_is_is_still_there(module, start, why):
    assert [found for found in _texts_of(module) if found.text.startswith(start)]


@pytest.mark.parametrize(
    "planted",
    [
        'REFUSAL = "Choose a side."',
        'refusal = f"There are {count} visits today."',
        'name = TextField(label="Name")',
        'name = TextField(help_text="asks" if short else _("asks for more"))',
        'raise ValidationError("Needed")',
        'found.append(Reason("too-late", "Late"))',
        'messages.success(request, "Saved")',
        'STEPS = {"arrived": "was checked in"}',
        'raise StaleRecord(message, theirs="Canceled")',
        'def label(self):\n    return "In a room now"',
    ],
)
def test_a_text_that_is_not_translated_is_found(planted):
    assert len(untranslated(planted)) == 1


@pytest.mark.parametrize(
    "fine",
    [
        '"""The pages of a visit, and what they show."""',
        'REFUSAL = gettext_lazy("Choose a side.")',
        'refusal = ngettext("%(count)s visit today", "%(count)s visits today", count)',
        'raise ValueError("A trigger cannot tell rows apart.")',
        'logger.warning("Looks go on waiting in memory")',
        'KINDS = {"the first of them": 1}',
        'if typed == "Choose a side.": pass',
        'name: "Reason of this kind" = None',
        'code = Reason("too-late", message)',
        'query = "SELECT name FROM visit WHERE id = %s"',
        'url = reverse("patients:visit-book")',
    ],
)
def test_what_nobody_reads_is_left_alone(fine):
    assert untranslated(fine) == []


def test_a_variable_that_hides_the_translation_is_found():
    source = "from django.utils.translation import gettext as _\n"

    assert list(shadowed(source + 'name, _, rest = text.partition(" ")')) == [2]
    assert list(shadowed(source + "def act(*_):\n    return 1")) == [2]
    assert list(shadowed('name, _, rest = text.partition(" ")')) == []
