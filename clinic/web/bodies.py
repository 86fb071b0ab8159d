"""How much of a request the server reads: little, but on the routes that take a file."""

import copy
from collections.abc import Iterable

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer

from clinic.web import uploads


class BodyParser(HTTPRequestParser):
    """Decides as soon as the headers are known, before anything of the body is read."""

    def parse_header(self, header_plus):
        super().parse_header(header_plus)
        usual = self.adj.max_request_body_size
        if self.command == "POST" and (self.chunked or self.content_length >= usual):
            self.adj = copy.copy(self.adj)
            self.adj.max_request_body_size = uploads.largest_body(self.path, otherwise=usual)


class BodyChannel(HTTPChannel):
    parser_class = BodyParser


def take_files_on_their_routes(listening: Iterable) -> None:
    """`listening` is what one server listens on, on one address or on several."""
    for each in listening:
        if isinstance(each, BaseWSGIServer):
            each.channel_class = BodyChannel
