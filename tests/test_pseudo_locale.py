"""The language of brackets sees every way in which a text goes through gettext."""

from django.template import Context, engines
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext, ngettext_lazy, npgettext, pgettext

from clinic import formats
from tests import pseudo_locale

EARLIER, MANY = gettext_lazy("Save site"), ngettext_lazy("%(count)d site", "%(count)d sites", "count")
PAGE = """{% translate "Save" %} {{ given }} {{ none|default:_("None") }}
{% blocktranslate trimmed count sites=2 with name=name %}
  {{ name }} has {{ sites }} site
{% plural %}
  {{ name }} has {{ sites }} sites
{% endblocktranslate %}"""


def test_what_is_translated_stands_in_brackets():
    with pseudo_locale.active():
        said = [
            gettext("Save"), ngettext("site", "sites", 1), ngettext("site", "sites", 2),
            pgettext("a verb", "Sign"), npgettext("a body", "side", "sides", 2), str(EARLIER),
            MANY % {"count": 2},
        ]  # fmt: skip

    assert said == ["⟦Save⟧", "⟦site⟧", "⟦sites⟧", "⟦Sign⟧", "⟦sides⟧", "⟦Save site⟧", "⟦2 sites⟧"]
    assert gettext("Save") == "Save"
    assert str(EARLIER) == "Save site"


def test_so_does_what_a_template_translates():
    template = engines["django"].from_string(PAGE).template

    with pseudo_locale.active():
        said = template.render(Context({"given": EARLIER, "name": "<Ada>"}))

    assert said == "⟦Save⟧ ⟦Save site⟧ ⟦None⟧\n⟦&lt;Ada&gt; has 2 sites⟧"
    assert pseudo_locale.without_translated(f"a {said} b").split() == ["a", "b"]


def test_days_stay_as_the_country_writes_them():
    now = timezone.now()
    plain = formats.moment(now)

    with pseudo_locale.active():
        said = formats.moment(now)

    assert said != plain
    assert said.replace("⟦", "").replace("⟧", "") == plain
