"""How the page looks: system fonts, one accent colour, nothing from the internet."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from gradio.themes import Base

_SHEETS = (
    *("frame", "opening", "conversation", "written", "asking", "menus", "sources"),
    *("comparing", "strip", "library", "shelf"),
)
_SCRIPTS = ("page", "acts", "history", "library", "written")
_SANS = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Consolas", "monospace")
_PAPER, _NIGHT = "#fbfaf8", "#14171a"
_INK, _LIGHT = "#1d2329", "#e6e4df"


def theme() -> Base:
    """Gradio's plainest theme in Pincite's colours."""
    from gradio.themes import Base

    return Base(primary_hue="teal", neutral_hue="stone", radius_size="sm", font=_SANS, font_mono=_MONO).set(
        body_background_fill=_PAPER,
        body_background_fill_dark=_NIGHT,
        body_text_color=_INK,
        body_text_color_dark=_LIGHT,
        background_fill_primary=_PAPER,
        background_fill_primary_dark=_NIGHT,
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
    )


def css() -> str:
    """The page's own style sheets, one after the other."""
    return "\n".join((files("ui.assets") / f"{part}.css").read_text(encoding="utf-8") for part in _SHEETS)


def head() -> str:
    """The page's icon, and its scripts."""
    scripts = "\n".join((files("ui.assets") / f"{part}.js").read_text(encoding="utf-8") for part in _SCRIPTS)
    return f"{icon()}<script>{scripts}</script>"


def icon() -> str:
    """The icon in a window's tab."""
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>"
        "<rect width='32' height='32' rx='6' fill='#0f5f5c'/>"
        "<text x='16' y='33' font-family='Georgia' font-size='40' text-anchor='middle' fill='white'>”</text></svg>"
    )
    return f'<link rel="icon" href="data:image/svg+xml,{quote(drawing)}">'
