"""What the browser draws by itself can be read in the dark too."""

import re

COLORS = """(field) => {
    const button = getComputedStyle(field, "::file-selector-button");
    return [button.color, button.backgroundColor];
}"""
# source: WCAG 2.2, 1.4.3
LEAST_CONTRAST = 4.5


def luminance(color: str) -> float:
    """Of "rgb(12, 34, 56)", by WCAG 2.2."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_button_that_chooses_a_file_can_be_read(open_page, lead):
    for scheme in ("dark", "light"):
        page = open_page(user=lead, scheme=scheme)
        page.goto("/patients/bring-in/")
        field = page.locator("input[type=file]")
        for hovers in (False, True):
            if hovers:
                field.hover()
            darker, lighter = sorted(map(luminance, field.evaluate(COLORS)))
            assert (lighter + 0.05) / (darker + 0.05) >= LEAST_CONTRAST, (scheme, hovers)
