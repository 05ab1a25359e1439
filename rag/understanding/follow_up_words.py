"""Words by which a follow-up is known, and words that tell nothing without what they belong to."""

from __future__ import annotations

from rag.understanding.question_words import EMPTY_WORDS

_DO = """
    do does did don't doesn't didn't can could can't couldn't cannot will would won't wouldn't shall should shouldn't
    may might must
"""
AUXILIARIES = {
    **dict.fromkeys("am is are was were be been isn't aren't wasn't weren't".split(), "be"),  # noqa: SIM905
    **dict.fromkeys(_DO.split(), "do"),
    **dict.fromkeys("has have had hasn't haven't hadn't".split(), "have"),  # noqa: SIM905
}
"""Auxiliary verbs, by what they leave at the end of a question: a participle (be, have) or a bare verb (do)."""

PREPOSITIONS = frozenset(
    """
    about after against among as at before between by during for from in into of on over per regarding since through
    to toward towards under until via with within without
    """.split()  # noqa: SIM905
)

PRONOUNS = frozenset("i you he she it we they".split())  # noqa: SIM905

DEMONSTRATIVES = frozenset("this that these those such".split())  # noqa: SIM905

OPENS_PHRASE = frozenset(
    """
    a all an and any because both but each every her his how if its more my no or our some such that the their these
    this those well what when where whether which while why your
    """.split()  # noqa: SIM905
)
"""Words that a noun phrase or a clause begins with, so that a verb may stand before them."""

QUESTION_WORDS = frozenset("what which who whom whose when where why how".split())  # noqa: SIM905

ABSTRACT = frozenset(
    """
    advantage advantages aim aims alternative alternatives application applications approach approaches aspect
    aspects background benefit benefits cause causes challenge challenges conclusion conclusions consequence
    consequences date detail details difference differences disadvantage disadvantages drawback drawbacks effect
    effects evidence example examples explanation factor factors finding findings future goal goals group groups
    idea impact implication implications information kind kinds level levels limit limitation limitations limits
    method methods name names number numbers option options outcome outcomes part parts person persons pitfall
    pitfalls place possibility potential problem problems process properties property proportion purpose reason
    reasons recommendation recommendations reference references requirement requirements result results role roles
    solution solutions source sources stage stages status step steps studies study success summary time title type
    types use uses value values way ways year years
    """.split()  # noqa: SIM905
)
"""Nouns that are of anything, and by themselves about nothing: "role", "difference"."""

RELATIONAL = ABSTRACT | frozenset(
    """
    age author authors complication complications composition condition conditions cost costs countries country
    criteria cure cures definition disease diseases disorder disorders dosage dose doses drug drugs duration editor
    editors efficacy frequency funding history incidence journal manufacturer mechanism mechanisms medication
    medications mortality origin participant participants patient patients people percentage population populations
    prevalence price prices product prognosis rate rates response responses risk risks safety sample samples side
    size survival symptom symptoms target targets therapies therapy toxicity treatment treatments trial trials
    """.split()  # noqa: SIM905
)
"""Nouns that are of or for something ("side effects", "the dose"), and those that any study of anything has."""

VERBS = frozenset(
    """
    achieve achieved affect affected allow allowed appear applied apply avoid avoided based become begin caused
    changed compared concern concerned consider considered continue decide develop developed evaluate evaluated
    exist existing exists expect expected follow followed help helped helps improve improved improves include
    included increase increases induce induced involve involved lead leading leads live lived lives makes making
    need needed observed occur occurs offer offered offers performed play played plays prevent prevented prevents
    produce produced produces provide reduce reduced reduces relate related report see seen solve start started
    studied test tested treat treated treats trigger try understand want work worked working works
    """.split()  # noqa: SIM905
)
"""Verbs that go with anything."""

MANNER = (
    EMPTY_WORDS
    | VERBS
    | frozenset(
        """
    additional always available bad base best better big bit broad cause common commonly complete completely current
    day days detailed different differently difficult early easy effective effectively example false fast first
    frequent frequently full general given good great greatly helpful high important large largest last late later
    latest least less likely little long longer lot low main major necessary needs never new next normal normally
    old ones only original possible previous promising proven quick quickly rare rarely real recent recently
    relevant result right safe safely second serious severe short similar slow small sound sounds special standard
    study successful sure third together true useful well worse worst wrong
    """.split()  # noqa: SIM905
    )
)
"""Verbs, adjectives and adverbs that go with anything: they name no subject."""
