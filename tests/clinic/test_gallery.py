"""The gallery of components is for staff who are signed in."""

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.urls("tests.browser.gallery_urls")


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get("/gallery/").url == f"{reverse('account_login')}?next=/gallery/"


@pytest.mark.parametrize("who", ["reception", "therapist", "lead", "admin"])
def test_every_role_sees_it(who, request, signed_in):
    assert signed_in(request.getfixturevalue(who)).get("/gallery/").status_code == 200


def test_who_holds_no_role_does_not(signed_in, db):
    assert signed_in(factories.user("nobody")).get("/gallery/").status_code == 403
