"""The JavaScript of a page: its modules and everything that these import."""

import posixpath
import re
from collections.abc import Callable, Iterable

SCRIPT = re.compile(r"""<script\b[^>]*\bsrc=["'](?P<address>/static/[^"'#?]+\.js)["']""")
# Collected scripts are minified to one line, so imports are not only found at the start of a line.
IMPORT = re.compile(
    r"""(?<![\w$.])import\s*(?:\{(?P<names>[^}]*)\}\s*from\s*)?["'](?P<address>[^"']+)["'];"""
)
EXPORT = re.compile(r"(?<![\w$.])export (?:async )?(?:const|let|function|class) (\w+)")


def scripts_of(html: str) -> list[str]:
    return SCRIPT.findall(html)


def imports_of(address: str, text: str) -> dict[str, list[str]]:
    """The addresses that a module imports, each with the names that it takes from there."""
    folder = posixpath.dirname(address)
    return {
        posixpath.normpath(posixpath.join(folder, found["address"])): names_in(found["names"] or "")
        for found in IMPORT.finditer(text)
    }


def names_in(listed: str) -> list[str]:
    return [name.split(" as ")[0].strip() for name in listed.split(",") if name.strip()]


def graph_of(addresses: Iterable[str], read: Callable[[str], str]) -> dict[str, str]:
    """{address: text} of these modules and everything that they import; `read` fetches one."""
    graph, waiting = {}, list(addresses)
    while waiting:
        address = waiting.pop()
        if address not in graph:
            graph[address] = read(address)
            waiting.extend(imports_of(address, graph[address]))
    return graph


def unknown_names(graph: dict[str, str]) -> list[str]:
    """Names that are imported from a module that does not export them."""
    exported = {address: set(EXPORT.findall(text)) for address, text in graph.items()}
    return [
        f"{address} imports {name} from {source}"
        for address, text in graph.items()
        for source, names in imports_of(address, text).items()
        for name in names
        if name not in exported[source]
    ]
