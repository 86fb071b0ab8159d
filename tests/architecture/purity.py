"""What a room must not know: the clock, the request, the building of pages, row locks, the audit."""

import ast

from tests.architecture.scopes import Scope, walk
from tests.architecture.sources import Finding, House, Module

# Reading the clock, whatever the arguments.
CLOCKS = {
    *("django.utils.timezone.now", "datetime.date.today", "datetime.datetime.now", "datetime.datetime.today"),
    *("datetime.datetime.utcnow", "time.time", "time.time_ns", "time.monotonic", "time.perf_counter"),
}
# These turn a value that they are given; alone they read the clock.
CLOCKS_WITHOUT_VALUE = {"django.utils.timezone.localdate", "django.utils.timezone.localtime"}
PAGES = (
    *("django.shortcuts.render", "django.shortcuts.redirect", "django.template.response"),
    *("django.http.HttpResponse", "django.http.JsonResponse", "django.http.StreamingHttpResponse"),
    *("django.http.FileResponse", "django.contrib.messages"),
)
TEMPLATES = ("django.template.loader", "django.template.Template", "django.template.engines")
REQUESTS = {"HttpRequest", "WSGIRequest", "ASGIRequest"}


def clock(module: Module, house: House) -> list[Finding]:
    calls = [node for node in module.nodes if isinstance(node, ast.Call)]
    given = {id(call.func) for call in calls if call.args or call.keywords}
    found = []
    for node, scope in walk(module):
        dotted = _loaded(node, scope)
        if dotted in CLOCKS or dotted in CLOCKS_WITHOUT_VALUE and id(node) not in given:
            found.append(Finding(node.lineno, dotted))
    return sorted(set(found))


def requests(module: Module, house: House) -> list[Finding]:
    """A parameter of that name without another type, or an annotation that is a request."""
    arguments = [node for node in module.nodes if isinstance(node, ast.arg) and _is_untyped_request(node)]
    names = [node for node in module.nodes if isinstance(node, ast.Name | ast.Attribute)]
    typed = [node for node in names if getattr(node, "id", getattr(node, "attr", "")) in REQUESTS]
    return sorted({Finding(node.lineno, "request") for node in [*arguments, *typed]})


def _is_untyped_request(arg: ast.arg) -> bool:
    return arg.arg == "request" and arg.annotation is None


def pages(module: Module, house: House) -> list[Finding]:
    """Pages, redirects, responses and messages on a page."""
    return _starting_with(PAGES, module)


def templates(module: Module, house: House) -> list[Finding]:
    """Templates of any kind; an action may fill that of a mail."""
    return _starting_with(TEMPLATES, module)


def _starting_with(names: tuple[str, ...], module: Module) -> list[Finding]:
    loaded = ((node, _loaded(node, scope)) for node, scope in walk(module))
    return sorted({Finding(node.lineno, dotted) for node, dotted in loaded if dotted.startswith(names)})


def row_locks(module: Module, house: House) -> list[Finding]:
    """Transactions and row locks belong to what writes."""
    found = []
    for node, scope in walk(module):
        dotted = _loaded(node, scope)
        if getattr(node, "attr", "") == "select_for_update" or _is_transaction(dotted):
            found.append(Finding(node.lineno, getattr(node, "attr", dotted)))
    return sorted(set(found))


def _is_transaction(dotted: str) -> bool:
    return dotted.startswith("django.db.transaction.") and dotted.split(".")[3] in {"atomic", "on_commit"}


def records(module: Module, house: House) -> list[Finding]:
    """Events of the audit: `audit.record`, `audit.look`, wherever the audit stands."""
    found = []
    for node, scope in walk(module):
        dotted = _loaded(node, scope)
        if dotted.startswith("clinic.audit") and dotted.split(".")[-1] in {"record", "look"}:
            found.append(Finding(node.lineno, dotted))
    return sorted(set(found))


def _loaded(node: ast.AST, scope: Scope) -> str:
    if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
        return scope.dotted(node)
    return ""
