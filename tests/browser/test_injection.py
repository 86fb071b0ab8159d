"""Text that wants to be more than text, on the pages as a browser draws them and their scripts fill them."""

import pytest

from tests.browser import pages
from tests.injection import fill

# A case that ran would call what is not there, be refused by the page's policy, or ask another host: the
# watch over every page reports each of them. What a script of ours made of a case is seen in the tree.
IN_THE_TREE = """() => {
  const runs = ({ name, value }) =>
    name.startsWith("on") || ["style", "srcdoc"].includes(name) ||
    (["href", "src", "action"].includes(name) && /^(javascript|data):/i.test(value));
  const told = (one) => runs(one) ? `${one.name}=${one.value}` : one.name;
  return Array.from(document.querySelectorAll("*"))
    .flatMap((part) => [part.localName, ...Array.from(part.attributes, told)])
    .filter((word) => word.includes("zqx"));
}"""


@pytest.fixture
def injected(looking):
    fill(0)
    return looking


@pytest.mark.parametrize("room", ["record", "session", "afterwards"])
def test_no_case_runs_in_a_browser(room, injected):
    rows = [shown for shown in pages.ROOMS[room] if shown.send is None and shown.status == 200]

    found = injected.each(rows, lambda page: page.evaluate(IN_THE_TREE))

    assert not found, "\n".join(found)
    assert sum(page.content().count("zqx") for page in injected.pages.values()) > 20
