"""Muscles over the lung for which the practice approved no depth limit."""

from collections.abc import Iterable

from treatments.models import Muscle
from treatments.rules.sites import depth_limits
from treatments.selectors.sites import entry


def without_limit(muscles: Iterable[Muscle]) -> list[Muscle]:
    """Of those with their regions; a muscle counts when any of its places lies over the lung."""
    return [
        muscle
        for muscle in muscles
        if any(entry.places_over_lung(muscle)) and depth_limits.lacks_approved_limit(muscle)
    ]
