"""One thing that a practice needs: done or not, what it blocks, where it is done."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Item:
    """`lines` say what stands or is missing. `blocks` says why no session can be opened; "" where one can."""

    code: str
    name: str
    is_done: bool
    lines: tuple[str, ...]
    blocks: str = ""
    url: str = ""
    way_out: str = ""

    @property
    def is_for_administrator(self) -> bool:
        """Whether the page where it is done opens to administrators alone."""
        return self.url.startswith((reverse("admin:index"), reverse("treatments:set-up")))

    @property
    def kind(self) -> str:
        if self.blocks:
            return "stop"
        return "ok" if self.is_done else "caution"

    @property
    def label(self) -> str:
        if self.blocks:
            return _("Blocks a first session")
        return _("Done") if self.is_done else _("To do")
