"""The page's colours can be read: WCAG 2.2 contrast, in light, dark and print."""

import re
from pathlib import Path

import pytest

import sendthemes.report.html

CSS = (Path(sendthemes.report.html.__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")
SCHEMES = [
    dict(re.findall(r"--([\w]+):(#[0-9a-f]{3,6})", block))
    for block in re.findall(r":root\{(.*?)\}", CSS, re.DOTALL)
]
TEXT = [
    ("text", "page"),
    ("aside", "page"),
    ("link", "page"),
    ("visited", "page"),
    ("text", "soft"),
    ("aside", "soft"),
    ("link", "soft"),
    ("marktext", "mark"),
    *(("hlow", f"h{at}") for at in range(4)),
    *(("hhigh", f"h{at}") for at in (4, 5)),
]
GRAPHICS = [("c1", "page"), ("c4", "page"), ("interval", "page"), ("aside", "page")]


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_known_contrast():
    assert contrast("#000", "#ffffff") == pytest.approx(21)


def test_there_are_three_schemes():
    assert len(SCHEMES) == 3


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "print"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_has_contrast_of_at_least_4_5(scheme, ink, ground):
    assert contrast(scheme[ink], scheme[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "print"])
@pytest.mark.parametrize(("ink", "ground"), GRAPHICS)
def test_marks_of_charts_have_contrast_of_at_least_3(scheme, ink, ground):
    assert contrast(scheme[ink], scheme[ground]) >= 3
