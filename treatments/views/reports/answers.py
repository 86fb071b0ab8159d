"""The page and the file of a report, which all reports share."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clinic import audit
from clinic.access import may
from clinic.models import User
from clinic.views.csv_export import csv_file
from clinic.web import responses
from treatments.actions import reports as reports_actions
from treatments.forms.reports import ReportForm
from treatments.rules.reports.questions import Question
from treatments.rules.reports.report import Report, Terms


def answer(request: HttpRequest, question: Question, find: Callable[[Terms], Report]) -> HttpResponse:
    """The page; sent by POST, the same table as a file. Its filters stand in the address."""
    form = ReportForm(
        request.GET, own=own(request, question), any_day=question.any_day, today=timezone.localdate()
    )
    context = {"question": question, "form": form, "query": request.GET.urlencode()}
    if not form.is_valid():
        return render(request, "treatments/report.html", context, status=responses.UNPROCESSABLE)
    terms = form.terms.in_whole_weeks() if question.whole_weeks else form.terms
    if request.method == "POST":
        return file_of(request, question.code, terms.summary, partial(find, terms))
    audit.look("report.read", None, by=request.user, reason=f"{question.code}: {terms.summary}")
    context |= {"terms": terms, "report": find(terms), "printed_at": timezone.now()}
    return render(request, "treatments/report.html", context)


def own(request: HttpRequest, question: Question) -> User | None:
    """Whose work the reader's report is about; None: everybody's."""
    return None if may(request.user, question.of_everybody) else request.user


def file_of(request: HttpRequest, code: str, summary: str, find: Callable[[], Report]) -> HttpResponse:
    """The table as CSV. It is recorded first: without that audit event there is no file."""
    reports_actions.record_export(code, summary, by=request.user)
    report = find()
    return csv_file(code, report.head, report.file_rows())
