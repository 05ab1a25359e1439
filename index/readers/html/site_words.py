"""What sites write around an article on its page: headings of their own, buttons, lines about dates and rights."""

from __future__ import annotations

import re

from index.wordlists import phrases

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
    r"(?:pmc?id\b|for all author emails|(?:academic |handling |external )?editors?\s?:|a version of this (?:article|story)|this article belongs to|©|\(c\) |copyright )"
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
# What a site prints at figures and tables, in place of them or as a way to them.
_BUTTON = (
    r"(?:(?:click|tap) here|view|see|show|open|download|display|expand|enlarge|print|zoom|go)\b"
    r"(?:[ :(]+(?:to|the|this|a|an|in|as"
    r"|of|full|larger|large|high|original|entire|display|view|popup|inline|size|sized|screen|new|separate|table|figure|image"
    r"|images|version|window|tab|viewer|slide|slides|powerpoint|ppt|csv|pdf|png|tiff?|jpe?g|excel|resolution|download"
    r"|high-res|high|resolution|chart|graph|graphic|article|legend|caption|all|figures|tables|options|res|data|file|here|\d[\d.]*[mk]b|\d[\d.]*))*"
    r"|full size (?:image|table)|in (?:this|a new) window|figure viewer|high[- ]res(?:olution)? (?:image|figure)"
    r"|powerpoint(?: slide)?|larger image|original image|tiff|popup|inline|open in new tab"
)
BUTTONS = re.compile(rf"\W*(?:(?:{_BUTTON})[\W\d]*)+", re.IGNORECASE)
AFFILIATION = re.compile(
    r"\b(?:Universi\w+|Department|Hospital|Institute?|Istituto|Instituto|Institution|Faculty|School of|Division of"
    r"|College|Centre|Center|Laborator\w+|Inc\.|GmbH|Ltd)\b|@"
)
