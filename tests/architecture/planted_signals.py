"""Planted signal receivers outside the rooms that may hold them."""

from tests.architecture.plants import plant

PLANTS = {
    "a receiver among views": plant(
        "receivers",
        "patients/views/find.py",
        """
@receiver(post_save)
def saved(sender, **kwargs):  # breach
    sender.note = ""
""",
    ),
    "a receiver that is connected by call among selectors": plant(
        "receivers",
        "patients/selectors/find.py",
        """
def saved(sender, **kwargs):  # breach
    return sender

post_save.connect(saved)
""",
    ),
    "a receiver among rules that another module connects": plant(
        "receivers",
        "clinic/rules/credentials.py",
        """
def saved(sender, **kwargs):  # breach
    return sender
""",
        clinic__wiring="from functools import partial\nfrom clinic.rules import credentials\n"
        "post_save.connect(partial(credentials.saved))\n",
    ),
    "a receiver that builds a page": plant(
        "receivers",
        "clinic/actions/accounts.py",
        """
from django.shortcuts import render

@receiver(user_logged_in)
def signed_in(sender, request, user, **kwargs):
    return render(request, "hello.html")  # breach
""",
    ),
    "receivers beside an imported view": plant(
        "receivers",
        "clinic/wiring.py",
        """
from clinic.views import pages  # breach

def wire(app):
    user_logged_in.connect(signed_in)

def signed_in(sender, **kwargs):
    return pages
""",
    ),
}
