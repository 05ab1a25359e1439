"""The names that articles give to their parts."""

from __future__ import annotations

import re

from index.wordlists import phrases

# Parts of the article itself.
BODY = phrases(
    """
    abstract | summary | background | background and aims | introduction | objective | objectives | aim | aims |
    purpose | purpose of review | purpose of the review | recent findings | rationale | context | importance |
    overview | method | methods | materials and methods | material and methods | methods and materials |
    patients and methods | subjects and methods | participants and methods | methodology | experimental |
    experimental section | experimental procedures | study design | design | setting | participants | patients |
    subjects | interventions | intervention | exposure | exposures | main outcome measures |
    main outcomes and measures | outcome measures | outcomes | data sources | data extraction | data synthesis |
    study selection | search strategy | eligibility criteria | inclusion criteria | exclusion criteria |
    statistical analysis | statistical analyses | statistics | data analysis | results | main results | findings |
    results and discussion | discussion | discussion and conclusions | conclusion | conclusions | concluding remarks
    | conclusion and perspectives | conclusions and perspectives | perspectives | future directions |
    future perspectives | outlook | limitations | strengths and limitations | interpretation | implications |
    relevance | conclusions and relevance | trial registration | key points | key messages | highlights |
    take-home points | take-home message | take home message | case report | case presentation | case description |
    what is already known on this topic | what this study adds | recommendations | appendix | appendices |
    supplementary material | supplementary materials | supplementary information | supplemental material |
    supporting information | additional information | additional files | figure legends | tables | figures | text |
    main text | full text | body | epidemiology | pathogenesis | pathophysiology | diagnosis | treatment | prognosis
    """
)

# Matter by and about the authors. These also label statements: "Funding The authors have not ...".
AUTHOR_MATTER = phrases(
    """
    acknowledgment | acknowledgments | acknowledgement | acknowledgements | funding | funding statement |
    funding sources | funding/support | financial support | financial disclosure | financial disclosures |
    sources of funding | role of the funder | role of the funder/sponsor | role of the funding source | support |
    competing interest | competing interests | competing financial interests | conflict of interest |
    conflicts of interest | conflict of interests | conflict of interest statement | conflict of interest disclosure
    | conflict of interest disclosures | declaration of interest | declaration of interests |
    declaration of competing interest | declaration of conflicting interests | disclosure | disclosures |
    disclosure statement | contributors | contributorship | contributorship statement | contribution | contributions
    | author contributions | author contribution | authors' contributions | authors' contribution |
    author's contributions | authors contributions | credit authorship contribution statement | handling editor |
    handling editors | editor | edited by | reviewed by | academic editor | guest editor |
    patient and public involvement | patient and public involvement statement | patient involvement |
    public involvement | patient consent | patient consent for publication | consent for publication |
    consent to participate | informed consent | informed consent statement | ethics | ethics approval |
    ethical approval | ethics statement | ethical considerations | ethics declarations |
    ethics approval and consent to participate | institutional review board statement | provenance and peer review |
    provenance | peer review | data availability | data availability statement | data sharing |
    data sharing statement | availability of data and materials | availability of data and material |
    code availability | data and code availability | correspondence | corresponding author | corresponding authors |
    correspondence to | address for correspondence | author affiliations | affiliation | affiliations |
    author information | author details | author note | author notes | keyword | keywords | key words | index terms
    | mesh terms | subject terms | abbreviations | abbreviations used | list of abbreviations | disclaimer |
    publisher's note | transparency statement | transparency | license | licence | open access | orcid | orcid id |
    orcid ids | dedication | article information | pre-publication history | supplemental data
    """
)

REFERENCES = frozenset(
    [
        "references",
        "reference",
        "reference list",
        "bibliography",
        "literature cited",
        "works cited",
        "cited literature",
        "references and notes",
        "references and recommended reading",
        "literature",
        "notes and references",
    ]
)

# What a file or a site calls its metadata; a labelled line of these is not a part of the article.
METADATA = phrases(
    """
    title | author | authors | date | doi | license | licence | sha | journal | published | published online |
    publication date | received | revised | accepted | url | source | pmid | pmcid | pii | issn | volume | issue |
    pages | year | citation
    """
)

# What kind of article it is, as printed above the title.
ARTICLE_TYPES = phrases(
    """
    article | review | reviews | review article | research | research article | original article | original research
    | original investigation | original paper | editorial | commentary | comment | letter | letter to the editor |
    viewpoint | perspective | opinion | case report | brief report | brief communication | short communication |
    short report | systematic review | mini review | minireview | meta-analysis | report | correspondence | news |
    methodology | protocol | study protocol | open access | free access | journal pre-proof | accepted manuscript |
    invited review | feature | rapid communication | clinical review | research letter | topical collection |
    special issue
    """
)

_NUMBERING = re.compile(r"^(?:#{1,6}\s*)?(?:(?:\d{1,2}|[IVX]{1,4})(?:\.\d{1,2}){0,3}[.)]?\s+)?")


def plain(heading: str) -> str:
    """A heading without its number, colon, Markdown marks, case and odd apostrophes."""
    name = _NUMBERING.sub("", heading.strip()[:160]).strip("*_:. \u00a0\t")
    return " ".join(name.replace("’", "'").lower().split())


def is_standard(heading: str) -> bool:
    """Whether a whole line is the name of a usual part of an article."""
    name = plain(heading)
    return name in BODY or name in AUTHOR_MATTER or name in REFERENCES
