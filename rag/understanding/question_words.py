"""Words that carry no content in a question."""

from __future__ import annotations

FUNCTION_WORDS = frozenset(
    """
    a about above according after again against agree agrees al all also am among an and any are aren't argue argued
    argues article articles as aspects at author authors be because been before being below between both but by call
    called calls came can can't cannot colleagues come comes compare compares conclude concluded concludes
    conclusion could couldn't coworkers describe described describes did didn't differ differs disagree discuss
    discussed discusses do does doesn't doing don't done dr drs during each either else et etc every examples
    explain few find finds five for found four from further get give given gives go goes going got had hadn't happen
    happened happens has hasn't have haven't having he her here hers herself him himself his how however i i'm if in
    into is isn't it it's its itself just kinds know known let let's like list made make many may me mean means
    meant mention mentioned mentions might more most much must my myself name named names no nor not now of off
    often on once only or other our ours ourselves out over own paper papers per please prof professor publication
    publications rather reported review reviews said same say says shall she should shouldn't show shows since so
    some sorts such summarise summarize summary take taken takes talk talks tell than thank thanks that that's the
    their theirs them themselves then there these they this those three through to today too took two types under
    until up upon us use used uses using very via was wasn't way we well went were weren't what what's when where
    whether which while who whom whose why will with within without won't would wouldn't write writes writing
    written wrote yet you your yours yourself
    """.split()  # noqa: SIM905 - a list of them would be one word a line
)
"""Words of grammar, and those that any question to a review has."""

EMPTY_WORDS = frozenset(
    """
    actual actually already currently else enough especially exact exactly generally instead kindly likewise mainly
    maybe mostly nowadays ok okay otherwise particular particularly possibly presently probably really specific
    specifically still thing things today typical typically usual usually
    """.split()  # noqa: SIM905
)
"""Words of degree, of now and of doubt: they stand beside any subject and tell nothing of it."""
