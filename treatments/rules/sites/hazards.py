"""What a needle can hit at a site: which depths and lengths need a reason, and what is published of them."""

from django.utils.translation import gettext as _

from clinic.models.base import Side
from treatments.rules.sites import depth_bound
from treatments.rules.sites.needled_site import ABDOMINAL_WALL, NeedledSite, Prompt

# source: cadavers, doi 10.1080/09593985.2021.1901326: 50 mm needles struck the cord at every level
# of skill; 40 mm ended on the lamina of C2, doi 10.1016/j.msksp.2019.102075
NECK_MM = 40
# source: guideline for the rectus capitis posterior major 2025 (doi 10.1016/j.msksp.2025.103260), a
# needle shorter than 40 mm; the tissue over the C2 spinous process averaged 37 mm
SUBOCCIPITAL_MM = 39
NECK, NECK_PLACES = "Neck", frozenset({"f-neck", "b-cerv"})
SUBOCCIPITAL = frozenset({"rcpma", "rcpmi", "oci", "ocs"})
# source: PMC10693480, 0.30 x 50 mm one centimeter beside T12/L1 entered the spinal canal
THORACIC_SPINE_MM = 49
# source: structureandfunction.net/?p=21106: beside L1 a needle of 75 mm met no bone in up to 44 %
ABDOMEN_MM = 74
# source: needles of 50 mm reached popliteus in 48 of 50 people (doi 10.3390/jcm11216409), and those of 50 or
# 60 mm tibialis posterior (IJSPT 2021, article 29854): vessels and nerve lie on these muscles
CALF_MM = 49
CALF = frozenset({"so", "ga", "po", "tp", "fhl", "pln"})
CALF_PLACES = frozenset({"b-gasl", "b-gasm", "b-sol"})
PELVIC_FLOOR = "pf"
OVER_PUBLISHED = "depth-over-published"
CHEST_FRONT = frozenset({"f-pecu", "f-pecl"})


def prompts(site: NeedledSite) -> list[Prompt]:
    """What needs a reason at this site, whoever the patient is."""
    return [*_depth_prompts(site), *_length_prompts(site), *_place_prompts(site)]


def published_note(site: NeedledSite) -> str:
    """What is shown beside a site over the lung that the practice approved no limit for."""
    bound = depth_bound.of(site)
    if bound is None or not site.over_lung or site.limit_is_approved:
        return ""
    said = {"text": bound.text, "source": bound.source}
    if not bound.source:
        return _("Over the lung, no approved limit. %(text)s") % said
    return _("Over the lung, no approved limit. %(text)s Source: %(source)s.") % said


def _depth_prompts(site: NeedledSite) -> list[Prompt]:
    bound, depth = depth_bound.of(site), site.depth_mm
    if bound is None or depth is None or depth <= bound.mm:
        return []
    if site.depth_limit_mm is not None and depth > site.depth_limit_mm:
        message = _(
            "%(depth)s mm is over the limit of %(limit)s mm for this muscle. Correct the depth, or say why."
        ) % {"depth": depth, "limit": site.depth_limit_mm}
        return [Prompt("depth-over-limit", message, site.key)]
    message = _(
        "%(depth)s mm over the lung, and the practice approved no limit here. %(text)s "
        "Correct the depth, or say why."
    ) % {"depth": depth, "text": bound.text}
    return [Prompt(OVER_PUBLISHED, message, site.key, source=bound.source)]


def _length_prompts(site: NeedledSite) -> list[Prompt]:
    """Needles that are long enough to reach what lies beneath, however deep they went."""
    length = site.length_mm or 0
    messages = {
        "long-needle-at-neck": _neck_message(site, length),
        "long-needle-at-spine": _spine_message(site, length),
        "long-needle-at-abdomen": _abdomen_message(site, length),
    }
    found = [Prompt(rule, message, site.key) for rule, message in messages.items() if message]
    return [*found, *_calf_prompts(site, length)]


def _calf_prompts(site: NeedledSite, length: int) -> list[Prompt]:
    """By the muscle, or by the place of one that is the practice's own or that no catalogue lists."""
    in_calf = site.muscle_code in CALF or (not site.is_shipped and site.region_code in CALF_PLACES)
    if not in_calf or length <= CALF_MM:
        return []
    message = _(
        "A needle of %(length)s mm can reach the popliteal and tibial vessels and the tibial nerve in the "
        "calf: needles of 50 mm reached the muscles that these lie on. Say how it was kept off them."
    ) % {"length": length}
    source = _("ultrasound of 50 people (doi 10.3390/jcm11216409) and of 20 (IJSPT 2021, article 29854)")
    return [Prompt("long-needle-at-calf", message, site.key, source=source)]


def _abdomen_message(site: NeedledSite, length: int) -> str:
    if "abd" not in site.hazards or length <= ABDOMEN_MM:
        return ""
    return _("A needle of %(length)s mm can reach the abdomen here. Say why this length.") % {
        "length": length
    }


def _neck_message(site: NeedledSite, length: int) -> str:
    if _is_suboccipital(site) and length > SUBOCCIPITAL_MM:
        return _("A needle of %(length)s mm at the base of the skull is not shorter than 40 mm. Say why.") % {
            "length": length
        }
    if _is_in_neck(site) and site.hazards & {"cord", "vert"} and length > NECK_MM:
        return _(
            "A needle of %(length)s mm this close to the spinal canal is longer than %(limit)s mm. Say why."
        ) % {"length": length, "limit": NECK_MM}
    return ""


def _is_suboccipital(site: NeedledSite) -> bool:
    """By the muscle, or by the place of one that is the practice's own or that no catalogue lists."""
    return site.muscle_code in SUBOCCIPITAL or (not site.is_shipped and site.region_code == "b-occ")


def _is_in_neck(site: NeedledSite) -> bool:
    return site.group == NECK or (not site.is_shipped and site.region_code in NECK_PLACES)


def _spine_message(site: NeedledSite, length: int) -> str:
    is_thoracic = site.over_lung and not _is_in_neck(site)
    if not (is_thoracic and "cord" in site.hazards and length > THORACIC_SPINE_MM):
        return ""
    return _(
        "A needle of %(length)s mm can reach the spinal canal here: one of 50 mm entered it beside T12 and "
        "L1. Say why this length."
    ) % {"length": length}


def _place_prompts(site: NeedledSite) -> list[Prompt]:
    """Places without any published depth: how the needle was kept in the muscle is always asked."""
    found = []
    if site.muscle_code == "ste" or (site.side == Side.MIDLINE and site.region_code in CHEST_FRONT):
        message = _(
            "A hole in the breastbone may lead to the heart, and no depth is published for this place. "
            "Say how the needle was kept off it."
        )
        source = _("cases of cardiac tamponade (Hindawi ECAM 2013/581203, table 7; bmas.blog, Mar 5, 2019)")
        found.append(Prompt("heart-beneath", message, site.key, source=source))
    if site.muscle_code == PELVIC_FLOOR:
        message = _(
            "No depth that is safe is published for the pelvic floor, and the pudendal nerve lies beside it. "
            "Say how the needle was kept off it."
        )
        source = _("levator ani lies about 56 mm deep, by CT of 36 bodies (doi 10.1002/ca.23935)")
        found.append(Prompt("pudendal-nerve", message, site.key, source=source))
    if site.region_code in ABDOMINAL_WALL:
        message = _(
            "No depth is published for the abdominal wall, and the peritoneum lies beneath it. "
            "Say how the needle was kept in the muscle."
        )
        found.append(Prompt("abdominal-wall", message, site.key))
    return found
