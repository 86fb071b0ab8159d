"""Whether mail goes out, and a test mail to one's own address."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic import formats
from clinic.access import Permission, requires
from clinic.actions import mail as mail_actions
from clinic.forms.mail import TryMailForm
from clinic.rules import mail
from clinic.selectors import mail as selectors
from clinic.web import page_frame, responses


@requires(Permission.ADMIN_ENTER)
def page(request: HttpRequest) -> HttpResponse:
    """What came of a test stands on the page, and stays there."""
    if (answered := responses.earlier_redirect(request)) is not None:
        return answered
    server, to = selectors.server(), request.user.email
    form = TryMailForm(responses.posted_data(request), server=server, to=to)
    if form.is_bound and form.is_valid():
        # before the transaction that records it, which a server that does not answer would hold open
        result = mail_actions.send_test(to=to, practice=page_frame.practice_for(request))

        def act():
            mail_actions.record_test(result, by=request.user)
            return reverse("mail")

        if (response := responses.submit(request, "mail.test", act, form)) is not None:
            return response
    context = {
        "facts": _facts(server, request.user),
        "lacks": mail.reason(server.lacks) if server.lacks else "",
        "may_send": not server.lacks and bool(to),
    }
    return responses.form_page(request, "clinic/mail.html", context, form=form)


def _facts(server: mail.MailServer, user) -> list[dict]:
    own = {"url": reverse("admin:clinic_user_change", args=[user.pk]), "link": _("Change")}
    return [
        {"label": _("Mail server"), "value": server.name},
        {"label": _("Sender"), "value": server.sender},
        {"label": _("Your address"), "value": user.email, **own},
        {"label": _("Last test mail"), **_outcome(selectors.last_test())},
    ]


def _outcome(test: mail.MailTest | None) -> dict:
    if test is None:
        return {"value": _("None was sent yet")}
    at = {"at": formats.moment(test.at)}
    if test.was_sent:
        kept = _("The server took it. Look whether it arrived, among unwanted mail too.")
        return {"kind": "ok", "value": _("Sent %(at)s") % at, "sub": kept}
    return {"kind": "caution", "value": _("Not sent %(at)s") % at, "sub": mail.reason(test.result)}
