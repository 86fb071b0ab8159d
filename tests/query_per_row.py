"""Middleware for the suite: a page that queries once per row raises. Django's admin is left to itself."""

from zeal.middleware import zeal_middleware


def raise_on_query_per_row(get_response):
    watched = zeal_middleware(get_response)

    def middleware(request):
        answer = get_response if request.path.startswith("/admin/") else watched
        return answer(request)

    return middleware
