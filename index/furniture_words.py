"""The vocabulary of site furniture: what buttons, menus, banners and widgets are made of.

Weights: 2 for words that hardly occur in an article's own headings, 1 for words that do, 0 for the
small words that hold labels together. A label is furniture only where *all* its words are here, so
one word from outside ("search strategy", "data download", "use of Facebook in clinics") saves it.
"""

from __future__ import annotations

from index.wordlists import phrases, words

STRONG = words(
    """
    download downloads pdf epub bibtex endnote refworks ris signup signin login logon logout register subscribe
    unsubscribe subscription subscriptions cookie cookies newsletter newsletters password username account bookmark
    tweet retweet mendeley citeulike altmetric altmetrics plumx dimensions crossmark crossref permissions reprints
    advertisement advertise advertisers sitemap menu navigation toggle faq faqs impressum checkout cart basket
    webcite sharethis skip openathens shibboleth deepdyve rightslink readcube athens paywall expand collapse enlarge
    prev
    """
)

WEAK = words(
    """
    article articles fulltext html xml text view views viewed viewing see more show hide citation citations cite
    cited citing share sharing search home homepage about contact us privacy policy policies terms conditions legal
    journal journals issue issues authors editors reviewers readers librarians librarian content contents metrics
    statistics suggestions recommended recommend recommendations related similar trending popular latest email
    e-mail mail alert alerts rss feed feeds print save export send follow tools options option free buy rent
    purchase order price access institution institutional institutions site website page pages back top next
    previous close open click here link links facebook twitter linkedin reddit whatsapp wechat weibo pinterest
    instagram youtube pubmed scholar google crossmark submit submission manuscript guidelines library user users
    member members visitor visitors browse edition mobile desktop version app apps jobs careers help support
    feedback press archive online current request usage preferences settings manage accept reject statement discover
    explore discovery get go copy clipboard web science publisher add favorites favourites collections collection
    folder topics disclaimer accessibility copyright comment comments responses details info information subscribers
    multimedia podcast author publication publications reference references learn central video icon logo figure
    figures read reader reading all less scopus medline cas ads supplementary
    """
)

FILLER = words(
    """
    a an the this that these use of in on into onto to for from by with and or via at as is are be it its you your
    yours my me our we have has not yet can who their them other others do don't already no any up out off s & + | »
    « › ‹ → ← > < / - – — : · • ∙ x new now just first finding organizing research time if window tab full per
    single one 1 2 3 4 5
    """
)

# Two words that are one button.
PHRASES = {
    "sign up": "signup",
    "sign in": "signin",
    "log in": "login",
    "log on": "logon",
    "log out": "logout",
    "pub med": "pubmed",
    "linked in": "linkedin",
    "web of science": "scopus",
    "full text": "fulltext",
    "full-text": "fulltext",
    "table of contents": "contents",
    "powered by": "rss from",
}

# Words that are furniture on a line of their own, whatever stands around them. Lone words that are also
# headings of articles ("search", "feedback", "statistics") are not here: those must stand in a menu.
LABELS = phrases(
    """
    article text | full text | article info | article menu | article tools | article metrics | article contents |
    article options | article versions | journal menu | main menu | menu | sign in | sign up | log in | login |
    log out | logout | subscribe | subscribe now | subscribe to journal | advertisement | advertisements |
    my account | my cart | create account | checkout | download | downloads | share | tweet | share this | share on
    | share this article | view metrics | view article | view full text | view abstract | view pdf | pdf | html |
    epub | rss | sitemap | site map | privacy policy | privacy statement | cookie policy | cookie settings |
    cookie preferences | terms of use | terms of service | terms and conditions | terms & conditions | contact us |
    about us | help center | read more | learn more | show more | show less | see more | view more | load more |
    show all | view all | see all | expand all | collapse all | back to top | go to top | get access |
    access options | access through your institution | check access | buy now | add to cart | rent this article |
    buy single article | buy this article | access this article | recommended articles | recommended content |
    related content | related articles | similar articles | similar content | you may also like | trending |
    most read | most cited | most viewed | latest news | latest articles | editor's choice | editors' choice |
    cited by | citing articles | citing literature | metrics details | usage statistics | altmetric | email alerts |
    get email alerts | alert me | select your interests | customize your interests | search form | advanced search |
    toggle navigation | skip to content | skip to main content | open in new tab | opens in a new tab |
    opens in new window | download citation | download citations | cite this | cite this article | cite article |
    export citation | get citation | get permissions | rights & permissions | rights and permissions |
    reprints and permissions | request permissions | request permission | reprints & permissions | order reprints |
    email to a friend | post a comment | citation tools | follow us | connect with us | stay connected | newsletter
    | newsletters | quick links | useful links | browse journals | submit manuscript | submit your manuscript |
    submit article | next article | previous article | accept all | accept cookies | accept all cookies | reject all
    | manage cookies | i accept | got it | close modal | close menu | powered by | not logged in | not affiliated |
    crossmark | check for updates | save to library | add to library | add to mendeley | viewing options |
    associated material | related coverage | related posts | what's new | permissions | all rights reserved |
    instant access | mobile view | desktop view | purchase pdf | pay per view | switch edition
    """
)

# Headings of lists of other people's articles: what follows in short lines is not this document.
LISTINGS = phrases(
    """
    recommended articles | recommended content | related articles | similar articles | similar content |
    related content | similar content being viewed by others | you may also like | trending | most read | most cited
    | most viewed | latest news | latest articles | editor's choice | editors' choice | cited by | citing articles |
    citing literature | related coverage | related posts | articles citing this |
    other users also viewed these articles | people also read | related reading | recommended reading |
    more from this journal | more like this | readers also read | featured articles | popular articles |
    other articles by authors | related literature | next article in journal | previous article in journal |
    viewers also liked | others also liked | also liked | more articles like this | explore related subjects
    """
)

# Words with which a block turns to the visitor of a site, at its very start.
OPENINGS = (
    "if you", "you ", "you're", "your ", "by continuing", "by clicking", "by using", "by signing",
    "we use cookies", "this site", "this website", "this page", "our site", "our website",
    "thank you for visiting", "thanks for", "already ", "not a ", "don't have", "do you", "want ", "need ",
    "looking for", "here's how", "to view", "to read", "to access", "to subscribe", "to continue",
    "to obtain the best", "please ", "click ", "sign up", "sign in", "log in", "register ", "subscribe",
    "download ", "get ", "save ", "join ", "create ", "enter ", "keep up", "stay ", "receive ", "browse ",
    "discover ", "explore ", "find ", "follow ", "share ", "visit ", "learn more", "read more", "see ", "view ",
    "buy ", "rent ", "purchase ", "access ", "instant access", "immediate online access", "this is a preview",
    "for all author emails", "the .gov", "mendeley", "springer", "elsevier", "sciencedirect", "wiley",
    "researchgate", "google", "pubmed", "pmc ", "ncbi", "subscription", "price", "log on", "over ", "we've ",
    "we have updated", "we and our partners", "manage ", "help us", "take our", "let us know", "tell us",
    "unlock ", "start ", "try ", "contact us", "submit ",
)  # fmt: skip

# Words of a site that sentences to a visitor are full of; they count once each.
SITE_WORDS = STRONG | words(
    """
    site website page browser browsing link links click access article articles journal alert alerts email content
    share sharing privacy policy consent preferences settings experience personalised personalized advertising ads
    partners device javascript css internet institution institutional purchase buy rent price vat renew reuse
    permission service update updates news inbox latest free trial member membership library suggestions discover
    relevant save online publications search pubmed scholar google twitter facebook .gov https trackers analytics
    tracking app
    """
)

# Words of scholarly prose: a sentence with them is the article's own, even where it speaks of sites.
SCHOLARLY = words(
    """
    patients patient participants were was study studies trial trials cohort cells disease results therapy treatment
    clinical hypothesis dataset datasets analysis analyses found showed shown we observed reported significant
    significantly compared respondents students authors contributed manuscript approved review reviewed interviewed
    questionnaire infection virus protein gene genes mice method methods
    """
) - {"we"}
