"""Words by which a follow-up is known, and words that tell nothing without what they belong to."""

from __future__ import annotations

from rag.question_words import EMPTY_WORDS

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

RELATIONAL = frozenset(
    """
    advantage advantages age aim aims alternative alternatives application applications approach approaches aspect
    aspects author authors background benefit benefits cause causes challenge challenges complication complications
    composition conclusion conclusions condition conditions consequence consequences cost costs countries country
    criteria cure cures date definition detail details difference differences disadvantage disadvantages disease
    diseases disorder disorders dosage dose doses drawback drawbacks drug drugs duration editor editors effect
    effects efficacy evidence example examples explanation factor factors finding findings frequency funding future
    goal goals group groups history idea impact implication implications incidence information journal kind kinds
    level levels limit limitation limitations limits manufacturer mechanism mechanisms medication medications method
    methods mortality name names number numbers option options origin outcome outcomes part participant participants
    parts patient patients people percentage person persons pitfall pitfalls place population populations
    possibility potential prevalence price prices problem problems process product prognosis properties property
    proportion purpose rate rates reason reasons recommendation recommendations reference references requirement
    requirements response responses result results risk risks role roles safety sample samples side size solution
    solutions source sources stage stages status step steps studies study success summary survival symptom symptoms
    target targets therapies therapy time title toxicity treatment treatments trial trials type types use uses value
    values way ways year years
    """.split()  # noqa: SIM905
)
"""Nouns that are of or for something ("side effects", "the dose"), and those that any study of anything has."""

MANNER = EMPTY_WORDS | frozenset(
    """
    achieve achieved additional affect affected allow allowed always appear applied apply available avoid avoided
    bad base based become begin best better big bit broad cause caused changed common commonly compared complete
    completely concern concerned consider considered continue current day days decide detailed develop developed
    different differently difficult early easy effective effectively evaluate evaluated example exist existing
    expect expected false fast first follow followed frequent frequently full general given good great greatly help
    helped helpful helps high important improve improved include included increase induce induced involve involved
    large largest last late later latest lead leading leads least less likely little long longer lot low main major
    necessary need needed needs never new next normal normally observed occur occurs old ones only original
    performed possible prevent prevented previous produce produced promising proven provide quick quickly rare
    rarely real recent recently reduce reduced relate related relevant report result right safe safely second see
    seen serious severe short similar slow small solve sound sounds special standard start started studied study
    successful sure test tested third together treat treated treats trigger true try understand useful want well
    work worked working works worse worst wrong
    """.split()  # noqa: SIM905
)
"""Verbs, adjectives and adverbs that go with anything: they name no subject."""
