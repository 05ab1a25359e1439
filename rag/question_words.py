"""Words that carry no content in a question."""

from __future__ import annotations

FUNCTION_WORDS = frozenset(
    """
    a about above after against again all also am among an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't done during each
    either else etc every few for from further get give given gives got had hadn't has hasn't have haven't having he
    her here hers herself him himself his how however i i'm if in into is isn't it it's its itself just know known
    let let's like list made make many may me mean means meant might more most much must my myself name no nor not
    now of off often on once only or other our ours ourselves out over own per please rather said same say says
    shall she should shouldn't show shows since so some such tell than thank thanks that that's the their theirs
    them themselves then there these they this those through to today too two under until up upon us use used uses
    using very via was wasn't way we well were weren't what what's when where whether which while who whom whose why
    will with within without won't would wouldn't you your yours yourself yet
    according article articles author authors describe described describes discuss discussed discusses explain
    mention mentioned mentions paper papers publication publications reported review reviews write writes written
    """.split()
)
