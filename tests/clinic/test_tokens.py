"""Design tokens: contrast, distance under color blindness, and one place for every color."""

import gzip
import hashlib
import math
import re
from itertools import combinations
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]
STYLES = ROOT / "clinic" / "static" / "clinic"
# The style sheets of every app.
SHEETS = sorted(ROOT.glob("*/static/*/*.css"))
TEMPLATES = ROOT / "templates"
KINDS = ("stop", "caution", "ok", "info", "neutral")
BACKGROUNDS = ("canvas", "surface", "sunken", "raise")
COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}\b(?=[\s;,)}])|\b(?:rgb|rgba|hsl|hsla|oklch|lab)\(")
# source: Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB
BLINDNESS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
SMALLEST_DISTANCE = 12


def tokens_of(block):
    return dict(re.findall(r"--c-([\w-]+):\s*(#[0-9A-Fa-f]{6})", block))


def token_blocks():
    css = (STYLES / "tokens.css").read_text(encoding="utf-8")
    light = css[css.index(":root {") : css.index("@media")]
    by_system = css[css.index("@media (prefers-color-scheme: dark)") : css.index(":root[data-theme=dark] {")]
    by_choice = css[css.index(":root[data-theme=dark] {") : css.index("@media print")]
    return tokens_of(light), tokens_of(by_system), tokens_of(by_choice)


def themes():
    light, by_system, _ = token_blocks()
    return {"light": light, "dark": {**light, **by_system}}


THEMES = themes()


def linear(colour):
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def luminance(colour):
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    x = (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.95047
    y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
    z = (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def as_seen_with(colour, matrix):
    rgb = linear(colour)
    return [
        min(1, max(0, sum(weight * part for weight, part in zip(row, rgb, strict=True)))) for row in matrix
    ]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_status_text_reads_on_its_tint(theme, kind):
    tokens = THEMES[theme]
    assert contrast(tokens[f"{kind}-text"], tokens[f"{kind}-tint"]) >= 4.5
    assert contrast(tokens[f"{kind}-text"], tokens["surface"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", BACKGROUNDS)
@pytest.mark.parametrize("text", ["ink", "ink-2", "accent"])
def test_words_read_on_every_ground(theme, ground, text):
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("on-accent", "accent"),
        ("on-accent", "accent-strong"),
        ("accent-strong", "accent-tint"),
        ("ink", "accent-tint"),
        ("badge-ink", "badge"),
        ("cell-ink", "sore-1"),
        ("cell-ink", "sore-2"),
        ("cell-ink", "sore-3"),
        ("cell-ink-2", "cell-4"),
        ("cell-ink-2", "sore-5"),
    ],
)
def test_words_read_on_filled_parts(theme, text, ground):
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("edge", "ground"),
    [
        ("control", "surface"),
        ("control", "raise"),
        ("control", "canvas"),
        ("skin-edge", "skin"),
        ("skin-out", "surface"),
        *((f"{kind}-solid", "surface") for kind in KINDS),
    ],
)
def test_edges_and_shapes_stand_out(theme, edge, ground):
    assert contrast(THEMES[theme][edge], THEMES[theme][ground]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", [*BACKGROUNDS, "accent", "ink", "sore-3"])
def test_one_of_the_two_focus_rings_shows_on_every_ground(theme, ground):
    tokens = THEMES[theme]
    assert max(contrast(tokens["focus"], tokens[ground]), contrast(tokens["halo"], tokens[ground])) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eye", BLINDNESS)
def test_statuses_differ_for_every_eye(theme, eye):
    labs = {kind: lab(as_seen_with(THEMES[theme][f"{kind}-solid"], BLINDNESS[eye])) for kind in KINDS}
    closest = min((math.dist(labs[one], labs[other]), one, other) for one, other in combinations(KINDS, 2))
    assert closest[0] >= SMALLEST_DISTANCE, closest


def test_dark_is_the_same_by_the_system_and_by_choice():
    _, by_system, by_choice = token_blocks()
    assert by_system == by_choice
    assert len(by_system) > 20


def test_no_colour_stands_outside_the_tokens():
    sheets = [path for path in SHEETS if path.name != "tokens.css"]
    found = {path.name: COLOUR.findall(path.read_text(encoding="utf-8")) for path in sheets}
    assert len(sheets) >= 15
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_css_uses_only_tokens_that_exist():
    known = set(re.findall(r"(--[\w-]+):", "".join(p.read_text(encoding="utf-8") for p in SHEETS)))
    used = {
        (path.name, name)
        for path in SHEETS
        for name in re.findall(r"var\((--[\w-]+)", path.read_text(encoding="utf-8"))
    }
    assert used
    assert {(sheet, name) for sheet, name in used if name not in known} == set()


def test_css_neither_shouts_nor_points_at_ids():
    for path in SHEETS:
        css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        selectors = re.findall(r"([^{};]+)\{", css)
        assert "!important" not in css, path.name
        assert [s for s in selectors if re.search(r"#[a-zA-Z]", s)] == [], path.name


def test_bootstrap_is_the_one_we_looked_at():
    css = Path(finders.find("js-lib-bootstrap5/css/bootstrap.min.css")).read_bytes()
    assert hashlib.sha256(css).hexdigest().startswith("3c8f27e6")


TEMPLATE_FILES = sorted(TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize(
    "path", TEMPLATE_FILES, ids=[str(path.relative_to(TEMPLATES)) for path in TEMPLATE_FILES]
)
def test_template_has_no_inline_style_script_or_handler(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<[a-z][^>]*\sstyle=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<[a-z][^>]*\son[a-z]+=", text)
    assert not re.search(r"<[a-z][^>]*\stitle=", text)
    assert text.count("\n") < 150


def weight(*names):
    return sum(len(gzip.compress((STYLES / name).read_bytes(), 6)) for name in names)


def test_what_every_staff_page_loads_of_ours_stays_light():
    head = (TEMPLATES / "components" / "_head.html").read_text(encoding="utf-8")
    sheets = re.findall(r"clinic/([\w-]+\.css)", head)
    assert weight(*sheets) < 20_000
    assert weight("app.js", "staff.js", "dom.js") < 8_000
    assert weight("tokens.css", "public.css", "body_chart.js") < 8_000
