"""What of a page is the site and not the article, told by its elements: menus, boxes, banners, hidden copies.

An element is left out for a sign it carries (its tag, its role, its classes), and only while what it holds is a
small part of the page's prose: a page that wraps its article in "with-sidebar" keeps its article.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from lxml import etree

from index.heading_words import is_standard
from index.readers.html.tree import BLOCKS, HEADINGS, class_words, level_of, plain_name, walk, words_in
from index.wordlists import phrases, words

# Left out however much they hold, unless it is the page.
_STRONG = phrases(
    """
    profile card | cookie | cookies | cookie notice | consent | gdpr | onetrust | breadcrumb | breadcrumbs | sharethis |
    addthis | addtoany | share | sharing | share bar | share tools | social | social media | newsletter |
    newsletters | signup | sign up | subscribe | buybox | buy box | purchase | purchase options | access options
    | access widget | advert | adverts | advertisement | advertising | ad slot | adslot | ad container | ad
    banner | ad wrapper | outbrain | taboola | related | related articles | related content | similar articles |
    similar | recommended | recommendations | recommendation | recirc | most read | most popular | most viewed |
    also like | also read | read next | more stories | more from | comments | comment list | disqus | respond |
    altmetric | plumx | metrics | cited by | citedby | citing articles | citing | cite this | citation tools |
    article tools | toolbar | toolbox | rightslink | crossmark | masthead | nav | navbar | navigation | navbox |
    menu | submenu | dropdown | dropdown menu | toc | table of contents | jump to | jump link | jump links |
    skip link | skip links | skip nav | sidebar | side bar | sidenav | right rail | left rail | pagination |
    pager | tooltip | popover | modal | lightbox | reading companion | site header | site footer | global header
    | global footer | page footer | app footer | journal header | catlinks | editsection | printfooter | login |
    log in | signin | sign in | search box | search form | searchbox | back to top | backtotop | ref tip | ref
    popup | citation popup | popup ref | bibr popup | author popup | author tooltip | institutional access |
    supplemental nav
    """
)
# Left out where they hold little.
_WEAK = phrases(
    """
    ad | ads | promo | promos | promotion | promotions | sponsor | sponsored | popular | trending | downloads |
    download | download links | permissions | popup | pop up | overlay | dialog | feedback | survey | fig links
    | figure links | table links | view popup | open in viewer | noprint | no print | hide print | print hide |
    hide for print | dont print | companion | search | register | subscription | subscriptions | paywall |
    banner | metrics panel | header nav | publisher links | outline | tools | actions | action bar | buttons |
    button | icons | rss | up next | tags | tag list | topics | about the author | author bio | editors note |
    print link | pdf link | article menu | journal info | issue nav | article nav | prev next | next prev |
    export |  largeobj link | icon | alerts | email alert | follow | hatnote | jump | totop |
    notifications | copyright info
    """
)
_SIGNS = re.compile(rf"\b(?:(?P<strong>{'|'.join(sorted(_STRONG, key=len, reverse=True))})"
                    rf"|(?P<weak>{'|'.join(sorted(_WEAK, key=len, reverse=True))}))\b")  # fmt: skip
_PLACES = phrases(
    """
    footer | header | bottom | top menu | topmenu | leftcol | rightcol | left column | right column | left panel
    | right panel | search | ads | banner | tools
    """
)
_IDS = (_STRONG | _PLACES) - words("similar share citing")
_ROLES = words(
    "navigation banner search menu menubar dialog alertdialog tooltip tablist toolbar contentinfo complementary form"
)
_HIDDEN = words(
    """
    hidden hide invisible d-none sr-only visually-hidden visuallyhidden u-visually-hidden u-hide js-hide is-hidden
    u-js-hide screen-reader-text screenreader-only screen-reader-only offscreen off-screen element-invisible
    assistive-text mfp-hide ng-hide a11y-hidden visuallyHidden srOnly
    """
)
_SHOWN_SOMEWHERE = re.compile(r"(?:^|\s)(?:d-(?:\w+-)?(?:block|flex|inline)|\w+:(?:block|flex|inline|grid))")
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOXED = re.compile(r"\b(?:box(?:ed)?|callout|key ?(?:points?|messages?)|highlights?|note|footnotes?|fn|abstract)\b")
_REFERENCES = re.compile(r"\b(?:references?|ref list|reflist|bibliography|biblist|cit list|citation list)\b")
_SHORT = 80


@dataclass(slots=True)
class _Sign:
    element: etree._Element
    limit: float  # the share of the page's prose up to which it is left out
    group: str = ""
    prose: int = 0


@dataclass(slots=True)
class _Count:
    """Prose counted while a page is walked: characters of blocks that are long and not mostly links."""

    total: int = 0
    run: int = 0
    linked: int = 0
    links: int = 0
    opened: dict[etree._Element, int] = field(default_factory=dict)

    def text(self, words: str) -> None:
        length = len(words) if len(words) < 3 or not words.isspace() else 1
        self.run += length
        if self.links:
            self.linked += length

    def boundary(self) -> None:
        if self.run >= _SHORT and self.linked * 2 < self.run:
            self.total += self.run - self.linked
        self.run = self.linked = 0


def furniture(root: etree._Element) -> set[etree._Element]:
    """The elements of a page that are left out, with all that is in them."""
    found: dict[etree._Element, _Sign] = {}
    count = _Count()
    inside: list[str] = []  # what says of itself that it is the article
    for event, node, words_ in walk(root):
        if event == "text":
            count.text(words_)
            continue
        if node.tag in BLOCKS or node.tag == "br":
            count.boundary()
        if node.tag == "a":
            count.links += 1 if event == "open" else -1
        if event == "open":
            if node.tag in {"article", "main"} or node.get("role") in {"main", "article"}:
                inside.append(node.tag)
            sign = _sign(node, bool(inside))
            if sign is not None:
                found[node] = sign
                count.opened[node] = count.total
        else:
            if inside and (node.tag in {"article", "main"} or node.get("role") in {"main", "article"}):
                inside.pop()
            if node in count.opened:
                found[node].prose = count.total - count.opened.pop(node)
    groups: dict[str, int] = defaultdict(int)
    for sign in found.values():
        groups[sign.group] += sign.prose
    return {
        node
        for node, sign in found.items()
        if sign.prose <= sign.limit * count.total
        and (not sign.group or groups[sign.group] <= max(sign.limit, 0.5) * count.total)
        and not _is_needed(node)
    }


def _sign(node: etree._Element, in_article: bool) -> _Sign | None:
    if node.tag in {"html", "body"} or level_of(node) == 1:
        return None
    classes = class_words(node)
    if _is_hidden(node):
        return None if _holds_data(node) or _REFERENCES.search(classes) else _Sign(node, 0.3)
    if node.get("aria-hidden") == "true" and node.tag not in {"a", "p"} and "math" not in classes:
        return _Sign(node, 0.02)
    role = node.get("role") or ""
    if role in _ROLES:
        return _Sign(node, 0.1 if role == "form" else 0.4)
    if node.tag in {"nav", "menu"}:
        return _Sign(node, 0.6)
    if node.tag in {"footer", "form", "header", "aside", "dialog", "button"}:
        return _of_tag(node, in_article, classes)
    if node.tag in HEADINGS or node.tag == "a" or not node.attrib:
        return None
    return _of_name(node, classes)


def _of_tag(node: etree._Element, in_article: bool, classes: str) -> _Sign | None:
    if node.tag == "button":
        parent = node.getparent()
        return None if parent is not None and level_of(parent) else _Sign(node, 0.05)
    if node.tag == "aside":
        return None if in_article and _BOXED.search(classes) else _Sign(node, 0.3)
    if node.tag == "header":
        return None if in_article or node.find(".//h1") is not None else _Sign(node, 0.2)
    if node.tag == "footer" and in_article:
        return _of_name(node, classes)
    return _Sign(node, 0.2)


def _of_name(node: etree._Element, classes: str) -> _Sign | None:
    sign = _SIGNS.search(classes) if classes else None
    if sign is not None and not _REFERENCES.search(classes):
        return _Sign(node, 0.6 if sign["strong"] else 0.2, classes)
    own = node.get("id") or ""
    if own and plain_name(own) in _IDS and not _is_headed_so(node, plain_name(own)):
        return _Sign(node, 0.6)
    return None


def _is_headed_so(node: etree._Element, own: str) -> bool:
    """Whether an id was made of the heading it stands at: `<section id="metrics"><h2>Metrics</h2>` is the author's."""
    first = next(node.iter(*HEADINGS), None)
    return first is not None and plain_name(words_in(first)).endswith(own)


def _is_hidden(node: etree._Element) -> bool:
    if "hidden" in node.attrib or _INVISIBLE.search(node.get("style") or ""):
        return True
    classes = node.get("class") or ""
    return bool(classes and not _HIDDEN.isdisjoint(classes.split()) and not _SHOWN_SOMEWHERE.search(classes))


def _holds_data(node: etree._Element) -> bool:
    """Whether there is a table in what is hidden until one asks for it: it may stand nowhere else."""
    return any(
        sum(1 for _ in table.iter("tr")) > 2 and next(table.iter("th", "thead"), None) is not None
        for table in node.iter("table")
    )


def _is_needed(node: etree._Element) -> bool:
    """Whether the element holds a part that every article has, or its title."""
    headings = [words_in(heading) for heading in node.iter("h1", "h2", "h3")]
    return node.find(".//h1") is not None and sum(map(is_standard, headings)) > 0
