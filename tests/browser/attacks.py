"""Documents made to attack the page that shows them."""

from __future__ import annotations

TAGS = "<img src=gone onerror=canary()><svg/onload=canary()><script>canary()</script><iframe srcdoc=x></iframe>"
BREAKOUT = "\"'><b autofocus onfocus=canary() onmouseover=canary()>loud</b><a href='javascript:canary()'>link</a>"
MARKUP = "[x](javascript:canary()) ![y](http://evil.example/y.png) **bold** `code` # head <http://evil.example/>"
TEMPLATES = r"${canary()} {{canary()}} {%raw%} $$\href{javascript:canary()}{x}$$ \(\url{http://evil.example}\)"
TURNED = "\u200fevil\u202elive"
ALL = " ".join((TAGS, BREAKOUT, MARKUP, TEMPLATES, TURNED))
BAD_DOI = "javascript:canary()//10.1234/x"
NAME = "\"><img src=gone onerror=canary()>'onfocus=canary() ${canary()} {{canary()}} [x](javascript:canary())"


def safe(text: str) -> str:
    """Text as it stands in XML, so that its reader finds the attack as words."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def article(title: str, says: str) -> str:
    """An article that attacks through all that it may state of itself."""
    reference = f"Reference {safe(ALL)} <pub-id pub-id-type='doi'>{safe(BAD_DOI)}</pub-id>"
    return (
        "<article article-type='review-article'><front>"
        f"<journal-meta><journal-title>Journal {safe(ALL)}</journal-title></journal-meta><article-meta>"
        f"<article-id pub-id-type='doi'>{safe(BAD_DOI)}</article-id>"
        f"<title-group><article-title>{title} {safe(ALL)}</article-title></title-group>"
        f"<contrib-group><contrib contrib-type='author'><name><surname>Ada {safe(TAGS)}</surname>"
        f"<given-names>{safe(BREAKOUT)}</given-names></name></contrib></contrib-group>"
        "<pub-date><year>2022</year></pub-date></article-meta></front>"
        f"<body><sec><title>Winter {safe(ALL)}</title><p>{says} {safe(ALL)} in winter"
        " <xref ref-type='bibr' rid='r1'>[1]</xref>.</p></sec></body>"
        f"<back><ref-list><ref id='r1'><label>1</label><mixed-citation>{reference}</mixed-citation></ref></ref-list>"
        "</back></article>"
    )


def attacked() -> dict[str, str]:
    """The shelf: two articles and a plain text."""
    return {
        f"{NAME}.xml": article("Of bees", "Bumblebee colonies sleep"),
        "hive.xml": article("Of hives", "Bumblebee colonies rest in the ground"),
        f"{NAME}.txt": f"Of nests {ALL}\n\nBumblebee colonies leave the nest {ALL} in winter.\n",
    }
