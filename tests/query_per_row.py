"""Middleware for the suite: raises on pages that run a query per row (N+1), except Django's admin."""

from zeal.middleware import zeal_middleware


def raise_on_query_per_row(get_response):
    watched = zeal_middleware(get_response)

    def middleware(request):
        answer = get_response if request.path.startswith("/admin/") else watched
        return answer(request)

    return middleware
