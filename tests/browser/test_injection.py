"""Injection payloads on the pages as the browser renders them and their scripts fill them."""

import pytest

from tests.browser import pages
from tests.injection import fill

# An executed payload would call an undefined function, violate the page's policy or request another
# host, all of which the fault watch reports. Changes by the page's scripts are read from the DOM.
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
def injected(page_viewer):
    fill(0)
    return page_viewer


@pytest.mark.parametrize("room", ["record", "session", "afterwards"])
def test_no_case_runs_in_a_browser(room, injected):
    rows = [shown for shown in pages.ROOMS[room] if shown.send is None and shown.status == 200]

    found = injected.each(rows, lambda page: page.evaluate(IN_THE_TREE))

    assert not found, "\n".join(found)
    assert sum(page.content().count("zqx") for page in injected.pages.values()) > 20
