"""Small PDFs for tests, written by hand: words at places, in the fonts that every PDF reader has."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field

FONTS = {"plain": "Courier", "bold": "Courier-Bold", "italic": "Courier-Oblique", "serif": "Times-Roman"}
WIDTH, HEIGHT = 612.0, 792.0
CHARACTER = 0.6  # of the size: Courier's letters are all as wide


@dataclass
class Page:
    """A page on which words are put down; `top` is measured from the page's upper edge."""

    width: float = WIDTH
    height: float = HEIGHT
    rotate: int = 0
    crop: tuple[float, float, float, float] | None = None
    drawn: list[bytes] = field(default_factory=list)
    images: int = 0

    def words(self, left: float, top: float, words: str, size: float = 10, font: str = "plain", turn: int = 0) -> Page:
        """One line of words; `turn` is in quarters anticlockwise."""
        escaped = words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        matrix = {0: "1 0 0 1", 1: "0 1 -1 0", 3: "0 -1 1 0"}[turn]
        place = f"BT /{font} {size} Tf {matrix} {left:.2f} {self.height - top:.2f} Tm (".encode()
        self.drawn.append(place + escaped + b") Tj ET")
        return self

    def column(
        self,
        left: float,
        top: float,
        words: str,
        width: float = 230,
        size: float = 8,
        lead: float = 10,
        font: str = "plain",
    ) -> float:
        """Words wrapped to a column; returns where the next line would be."""
        for line in wrapped(words, width, size):
            self.words(left, top, line, size, font)
            top += lead
        return top

    def image(self, left: float, top: float, width: float, height: float) -> Page:
        """A grey picture."""
        self.drawn.append(f"q {width} 0 0 {height} {left} {self.height - top - height} cm /Im Do Q".encode())
        self.images += 1
        return self


def wrapped(words: str, width: float, size: float) -> list[str]:
    """Words in lines of a width, as `Page.column` breaks them."""
    return textwrap.wrap(words, int(width / (size * CHARACTER)), break_long_words=False, break_on_hyphens=False)


def pdf(*pages: Page, extra: str = "", info: str = "") -> bytes:
    """The file's bytes. `extra` goes into the trailer, `info` into the info dictionary."""
    fonts = " ".join(
        f"/{name} << /Type /Font /Subtype /Type1 /BaseFont /{base} /Encoding "
        f"<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [1 /fi /fl] >> >>"
        for name, base in FONTS.items()
    )
    image = (
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
    )
    kids = " ".join(f"{5 + 2 * i} 0 R" for i in range(len(pages)))
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        image + b"\nstream\n\x80\nendstream",
        f"<< {info} >>".encode(),
    ]
    for i, page in enumerate(pages):
        crop = f"/CropBox [{' '.join(map(str, page.crop))}] " if page.crop else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] {crop}/Rotate {page.rotate} "
            f"/Resources << /Font << {fonts} >> /XObject << /Im 3 0 R >> >> /Contents {6 + 2 * i} 0 R >>".encode()
        )
        body = b"\n".join(page.drawn)
        objects.append(f"<< /Length {len(body)} >>\nstream\n".encode() + body + b"\nendstream")
    written = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    trailer = (
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R {extra} >>\nstartxref\n{len(written)}\n%%EOF\n"
    )
    return written + (head + trailer).encode()
