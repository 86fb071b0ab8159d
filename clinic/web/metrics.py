"""Counts of this process: requests by page and kind of status, and how long they took.

Each process counts its own and forgets when it ends; a monitor adds up. What is in the database, each gives
alike: `GAUGES`.
"""

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable

# Higher floors add theirs: name -> what reads its value in one statement. docs/admin.md says what each means.
GAUGES: dict[str, Callable[[], float]] = {}
# technical: seconds up to which a request counts, from "at once" to "nobody waits for it"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
STARTED_AT = time.time()


class RequestCounts:
    """Threads add to it at once. A page is named by its route, never by its address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests: Counter[tuple[str, str]] = Counter()
        self.seconds: Counter[str] = Counter()
        self._buckets: Counter[int] = Counter()

    def add(self, route: str, status: int, seconds: float) -> None:
        with self._lock:
            self.requests[route, f"{status // 100}xx"] += 1
            self.seconds[route] += seconds
            self._buckets[bisect_left(BUCKETS, seconds)] += 1

    def lines(self) -> list[str]:
        with self._lock:
            requests, seconds, buckets = dict(self.requests), dict(self.seconds), dict(self._buckets)
        return [
            "# TYPE filiform_requests_total counter",
            *(
                f'filiform_requests_total{{route="{route}",status="{status}"}} {count}'
                for (route, status), count in sorted(requests.items())
            ),
            "# TYPE filiform_request_seconds histogram",
            *_histogram(buckets, sum(seconds.values())),
            "# TYPE filiform_route_seconds_total counter",
            *(
                f'filiform_route_seconds_total{{route="{route}"}} {spent:.6f}'
                for route, spent in sorted(seconds.items())
            ),
        ]


def _histogram(buckets: dict[int, int], seconds: float) -> list[str]:
    lines, total = [], 0
    for at, bound in enumerate((*BUCKETS, "+Inf")):
        total += buckets.get(at, 0)
        lines.append(f'filiform_request_seconds_bucket{{le="{bound}"}} {total}')
    return [*lines, f"filiform_request_seconds_sum {seconds:.6f}", f"filiform_request_seconds_count {total}"]


def gauge(name: str, value: float) -> list[str]:
    return [f"# TYPE {name} gauge", f"{name} {float(value)}"]


COUNTS = RequestCounts()


def counted(get_response) -> Callable:
    """Outermost: what the others refuse counts too."""

    def middleware(request):
        began = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        COUNTS.add(match.view_name if match else "", response.status_code, time.perf_counter() - began)
        return response

    return middleware
