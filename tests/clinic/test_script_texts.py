"""The texts of a script are in the practice's language when it is collected."""

import pytest

from clinic.web import script_texts

CATALOGUE = {
    "Save": "Sichern “jetzt”",
    "Saved %(at)s": "Gesichert %(at)s",
    "%(count)s site": "%(count)s Stelle",
}


class German:
    def __init__(self, *_, **__): ...

    def gettext(self, text):
        return CATALOGUE.get(text, text)

    def ngettext(self, singular, plural, number):
        return self.gettext(singular) if number == 1 else "%(count)s Stellen"


@pytest.mark.parametrize(
    ("script", "collected"),
    [
        ('a.textContent=gettext("Save");', 'a.textContent="Sichern “jetzt”";'),
        ('f(gettext("Saved %(at)s",{at}))', 'f(gettext("Gesichert %(at)s",{at}))'),
        (
            'ngettext("%(count)s site","%(count)s sites",n)',
            'ngettext("%(count)s Stelle","%(count)s Stellen",n)',
        ),
        ('export const gettext=(text,values={})=>text;f("Save")',) * 2,
        (
            'import{all,gettext,one}from"./dom.js";f(gettext("Save"))',
            'import{all,one}from"./dom.js";f("Sichern “jetzt”")',
        ),
        (r'gettext("a \"word\"")', r'"a \"word\""'),
    ],
)
def test_a_text_of_a_script_is_collected_in_the_language(monkeypatch, script, collected):
    monkeypatch.setattr(script_texts, "DjangoTranslation", German)

    assert script_texts.translated(script) == collected


def test_a_text_of_the_language_that_is_shipped_stays_and_costs_no_call():
    assert script_texts.translated('say(gettext("No connection."))') == 'say("No connection.")'
    assert script_texts.translated('gettext("in %(n)s minutes",{n})') == 'gettext("in %(n)s minutes",{n})'
