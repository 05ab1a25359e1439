"""What sites write around an article on its page: headings of their own, buttons, lines about dates and rights."""

from __future__ import annotations

import re

from index.wordlists import phrases, words

# Headings under which a site speaks, beside those that a text shows as well.
OF_SITES = phrases(
    """
    peer review reports | share and cite | share & cite | about this article | article info | navigate this
    article | search for related content | in this article | on this page | in this issue | read this next |
    read next | keep reading | more from this author | post navigation | about the author | about the authors |
    leave a reply | leave a comment | join the discussion | comments | responses | share | share this page |
    share options | share this story | tags | topics | more on this topic | more stories | more on this story |
    top stories | recommended for you | you might also like | sign up | subscribe to our newsletter | subscribe
    and save | access this article | buy article | purchase options | change password | page navigation | full
    text links | actions | save citation to file | email citation | add to collections | your saved search |
    similar articles in pubmed | links to ncbi databases | linkout | resources | publication types | mesh terms
    | substances | linkout - more resources | add to my bibliography | figures and tables | jump to section |
    article sections | citation tools | article alerts | statistics from altmetric.com | request permissions |
    article versions notes | article tools | track citations | view options | media | author information popup |
    log in to your account | latest | related topics | related links | related stories | cite as | how to cite |
    cite this paper | cite this article as | rights & permissions | submit a comment | explore further | related
    article | article metrics | metrics & citations | information & authors | view options | login options |
    restore content access | export citations | information and authors
    """
)
ASIDE_HEADINGS = phrases(
    """
    affiliation | keywords | key words | index terms | mesh terms | subject terms | affiliations | author
    affiliations | author information | authors and affiliations | author information and affiliations | authors
    | article information | corresponding author | corresponding authors | correspondence | article notes |
    article history | copyright and license information | copyright | license | licence | open access | rights
    and permissions | reprints and permissions | permissions | copyright information | publication history |
    orcid | additional information
    """
)
ABOUT = re.compile(
    r"(?:pmc?id\b|for all author emails|(?:academic |handling |external )?editors?\s?:"
    r"|a version of this (?:article|story)|this article belongs to|©|\(c\) |copyright )"
    r"|this is an? open[- ]access|open access\W+this article|this article is (?:an open access"
    r"|distributed|licensed|published under|part of the topical)|this work is licensed|publisher.s note|springer nature"
    r" remains|reprints and permission|(?:received|accepted|revised|published|first published|published online"
    r"|manuscript received|date of publication|available online|issue date|version of record|epub|citation|cite this"
    r" article as|how to cite)\b[^.]{0,12}[:\d]|received\W.{0,40}accepted|the electronic version of this article is"
    r"|https?://(?:dx\.)?doi\.org/\S+$|doi\s*:?\s*10\.|e-?mails?\s*:|correspond(?:ence|ing author)s?\b[^.]{0,30}:"
    r"|e-?mail address|key ?words?\s*:|(?:written|medically reviewed|reviewed|fact checked|edited) by\b.{0,80}$"
    r"|to whom correspondence|authors? to whom correspondence|contributed equally",
    re.IGNORECASE,
)
# What a site prints at figures and tables, in place of them or as a way to them: these begin it, these go on.
_BUTTON_STARTS = words(
    """
    click tap view see show open download display expand enlarge print zoom go full high larger original figure
    powerpoint popup inline in tiff
    """
)
_BUTTON_WORDS = _BUTTON_STARTS | words(
    """
    here to the this that a an as of large entire image images table size sized screen new separate version window
    tab viewer slide slides ppt csv pdf png tif jpg jpeg excel resolution high-res high-resolution chart graph graphic
    article legend caption all figures tables options res data file mb kb
    """
)
_BUTTON_SURE = words(
    """
    view see show open download display expand enlarge print zoom powerpoint popup viewer tiff click tap size window
    """
)
_BUTTON_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


def is_button(own: str) -> bool:
    """Whether words are nothing but a way to a figure or a table ("View larger version", "Open in new tab")."""
    if len(own) > 120:
        return False
    found = _BUTTON_WORD.findall(own.lower())
    return (
        bool(found)
        and found[0] in _BUTTON_STARTS
        and len(found) > 1
        and all(word in _BUTTON_WORDS for word in found)
        and not _BUTTON_SURE.isdisjoint(found)
    )


AFFILIATION = re.compile(
    r"\b(?:Universi\w+|Department|Hospital|Institute?|Istituto|Instituto|Institution|Faculty|School of|Division of"
    r"|College|Centre|Center|Laborator\w+|Inc\.|GmbH|Ltd)\b|@"
)
