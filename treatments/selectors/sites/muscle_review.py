"""The rows of the muscle catalogue with who reviewed them."""

from treatments.models import Muscle


def rows() -> list[Muscle]:
    """In the order of the file, which goes from head to foot."""
    found = Muscle.objects.current().with_regions().select_related("reviewed_by")
    return list(found.order_by("position", "code"))
