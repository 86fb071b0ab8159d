"""An address is the one that Django makes, and nobody's reference is kept for it."""

import pytest
from django.urls import NoReverseMatch, get_resolver
from django.urls import reverse as plain_reverse

from clinic.values import addresses

# as references, numbers, and what is neither
VALUES = [
    "KSM34ZZ",
    "2345678",
    "KSM34ZZ2",
    "KSM34ZZ2AB",
    0,
    7,
    123456,
    "ksm34zz",
    "a b",
    "x/y",
    "",
    True,
    -1,
    "rom",
]


def names() -> list[str]:
    found = []

    def walk(resolver, namespace):
        found.extend(f"{namespace}{name}" for name in resolver.reverse_dict if isinstance(name, str))
        for name, (_, inner) in resolver.namespace_dict.items():
            walk(inner, f"{namespace}{name}:")

    walk(get_resolver(), "")
    return sorted(set(found))


def made(reverse, name, **given):
    try:
        return reverse(name, **given)
    except NoReverseMatch as failed:
        return str(failed)


@pytest.mark.parametrize("rounds", [1, 2])
def test_every_address_is_the_one_that_django_makes(rounds):
    several = [(), *((value,) for value in VALUES), *((one, two) for one in VALUES for two in VALUES)]
    quick = {(name, args): made(addresses.reverse, name, args=args) for name in names() for args in several}

    assert len(names()) > 100
    different = {key: url for key, url in quick.items() if url != made(plain_reverse, key[0], args=key[1])}
    assert different == {}


@pytest.mark.parametrize("value", VALUES)
def test_an_address_by_names_is_the_one_that_django_makes(value):
    for given in ({"ref": value}, {"ref": value, "pk": 3}, {"pk": 3, "ref": value}, {"other": value}):
        for name in ("patients:edit", "patients:screening", "account_login", "nowhere"):
            assert made(addresses.reverse, name, kwargs=given) == made(plain_reverse, name, kwargs=given)


def test_no_reference_is_kept():
    addresses._words.cache_clear()
    for ref in ("KSM34ZZ", "ABCDEFG", "2345678"):
        addresses.reverse("patients:edit", args=[ref])

    assert addresses._words.cache_info().currsize == 1
    assert addresses._words("patients:edit", (7,), (), ("clinic.urls", "/", None)) == ("/patients/", "/edit/")


def test_another_prefix_has_addresses_of_its_own(monkeypatch):
    here = addresses.reverse("patients:edit", args=["KSM34ZZ"])
    monkeypatch.setattr("django.urls.base._prefixes.value", "/clinic/", raising=False)

    assert addresses.reverse("patients:edit", args=["KSM34ZZ"]) == f"/clinic{here}"
