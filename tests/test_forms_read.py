"""The form parser finds the values that a browser would send, and no others."""

import pytest

from bench.forms import forms_in

PAGE = """
<form id="note" method="post" action="/save/">
  <input name="born" value="5/3/1985"><input name="gone" value="x" disabled><input value="nameless">
  <textarea name="plan">
Once a week.</textarea>
  <select name="side"><option value="">-</option><option value="left">Left</option></select>
  <select name="level"><option value="1">1</option><option value="2" selected>2</option></select>
  <select name="groups" multiple><option value="desk">Desk</option></select>
  <select name="room"><option value="0" disabled>Full</option><option value="1">1</option></select>
  <input type="radio" name="kind" value="a"><input type="radio" name="kind" value="b" checked>
  <input type="checkbox" name="sure">
  <button name="next" value="sign">Sign</button>
</form>
<form action="/find/"><input type="search" name="q"></form>
<input name="beyond" value="stands outside" form="note"><input name="lost" value="in no form">
"""


@pytest.fixture
def note():
    return forms_in(PAGE)[0]


def test_each_form_has_its_address_and_its_way():
    assert [(form.method, form.action) for form in forms_in(PAGE)] == [("post", "/save/"), ("get", "/find/")]


def test_what_stands_in_a_form_is_sent(note):
    assert note.values == {
        "born": ["5/3/1985"],
        "plan": ["Once a week."],
        "side": [""],
        "level": ["2"],
        "room": ["1"],
        "kind": ["b"],
        "beyond": ["stands outside"],
    }


def test_what_may_be_chosen_is_known_before_it_is(note):
    assert {name: offered for name, offered in note.choices.items() if offered} == {
        "side": ["", "left"],
        "level": ["1", "2"],
        "groups": ["desk"],
        "room": ["1"],
        "kind": ["a", "b"],
        "sure": ["on"],
    }
    assert note.buttons == [("next", "sign")]


def test_what_is_typed_takes_the_place_of_what_stood_there(note):
    filled = note.filled(born="6/3/1985", groups=["desk"])

    assert (filled["born"], filled["groups"], filled["plan"]) == (["6/3/1985"], ["desk"], ["Once a week."])


def test_a_name_that_the_form_has_not_is_refused(note):
    with pytest.raises(AssertionError, match="lost"):
        note.filled(lost="x")
