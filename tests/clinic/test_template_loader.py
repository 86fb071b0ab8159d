"""Templates are indented and in English; what is sent is not indented and in the practice's language."""

import pytest
from django.template import Context, Engine, engines
from django.utils import translation

from clinic.web import template_loader
from tests import pseudo_locale

INDENTED = "<p>\n    one\n\n\t two\n  {{ word }} end\n</p>\n"


def engine(folder) -> Engine:
    return Engine(dirs=[folder], loaders=["clinic.web.template_loader.Loader"])


def test_a_page_is_sent_without_the_indentation_of_its_template(tmp_path):
    (tmp_path / "page.html").write_text(INDENTED, encoding="utf-8")

    sent = engine(tmp_path).render_to_string("page.html", {"word": "a  b\n  c"})

    # whitespace in a value is kept
    assert sent == "<p>\none\n\ntwo\na  b\n  c end\n</p>\n"


def test_the_text_of_a_mail_stays_as_it_is_written(tmp_path):
    (tmp_path / "mail.txt").write_text(INDENTED, encoding="utf-8")

    assert engine(tmp_path).render_to_string("mail.txt", {"word": "x"}) == INDENTED.replace("{{ word }}", "x")


def test_the_product_reads_its_pages_so():
    source = engines["django"].get_template("base_door.html").template.source

    assert "\n<main" in source
    assert "\n " not in source


# A message in every way a template can say it.
MESSAGES = [
    '{% translate "Save site" %}',
    "<p aria-label=\"{% translate 'The patient’s 100 %' %}\">",
    "{% blocktranslate trimmed %}\n  Up to 5 %,\n  at least\n{% endblocktranslate %}",
    '{% blocktranslate trimmed with day=on|default:"no day" %}{{ day }}, {{ name }}{% endblocktranslate %}',
    "{% blocktranslate trimmed with a=name %}<b>{{ a }}</b> {{ lost }}{% endblocktranslate %}",
    "{% blocktranslate trimmed count n=sites %}{{ n }} in{% plural %}{{ n }} are in{% endblocktranslate %}",
    "{% blocktranslate trimmed with a=name asvar text %}For {{ a }}{% endblocktranslate %}{{ text }}",
    '{{ on|default:_("No day") }}{% with text=_("It’s one") %}{{ text }}{% endwith %}',
    "{% translate name %}",
]


@pytest.mark.parametrize("source", MESSAGES)
def test_a_message_is_drawn_as_django_draws_it(source):
    values = {"name": "<Ada> & 5 %", "on": "", "sites": 2}
    engine = engines["django"].engine

    with pseudo_locale.active():
        by_django = engine.from_string(source).render(Context(values))
        by_loader = engine.from_string(template_loader.translated(source)).render(Context(values))

    assert "⟦" in by_django
    assert by_loader == by_django


def test_a_message_is_in_the_language_of_the_practice_whatever_is_active(settings):
    settings.LANGUAGE_CODE = "de"

    with translation.override("fr"):
        assert template_loader.translated('{% translate "Yes" %}') == "Ja"
