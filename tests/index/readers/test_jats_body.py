"""JATS articles: what becomes of the parts of the body and of what follows it."""

from __future__ import annotations

from jats_articles import article, lines, person, text

_MATH = 'xmlns:mml="http://www.w3.org/1998/Math/MathML"'


# -- The body --------------------------------------------------------------------------------------------------------


def test_sections_nest() -> None:
    document = article(
        "<sec><label>1</label><title>Methods</title><p>How.</p><sec><title>Patients</title><p>Who.</p></sec></sec>"
        "<sec><title>Results</title><p>What.</p></sec>"
    )
    at = {word: document.section_at(document.text.index(word)) for word in ("How", "Who", "What")}
    assert at == {"How": "1 Methods", "Who": "Patients", "What": "Results"}
    methods = document.sections[0]
    assert document.text[methods.start : methods.end].strip().endswith("Who.")


def test_inline_markup_leaves_spaces_as_they_are() -> None:
    assert text("<p>In <italic>vivo</italic>, H<sub>2</sub>O and Ca<sup>2+</sup>\n   of <bold>x</bold>-rays.</p>") == (
        "In vivo, H2O and Ca2+ of x-rays."
    )


def test_an_exponent_is_not_read_as_a_digit() -> None:
    assert text("<p>5 × 10<sup>6</sup> cells at 10<sup>-3</sup> M.</p>") == "5 × 10⁶ cells at 10⁻³ M."


def test_the_marks_of_notes_and_headings_within_a_line_stand_apart_from_the_words() -> None:
    assert text("<p><sup>a</sup>Missing. <sup>b</sup>In mg. <sup>1</sup>Department. <sup>68</sup>Ga-PET.</p>") == (
        "a Missing. b In mg. 1 Department. 68Ga-PET."
    )
    assert text("<p><bold>Setting.</bold>A hospital.</p>") == "Setting. A hospital."


def test_a_list_within_a_paragraph_leaves_whole_sentences() -> None:
    document = article(
        "<p>The criteria were: <list><list-item><label>•</label><p>age;</p></list-item><list-item><label>(b)</label>"
        "<p>sex.</p></list-item></list> All were met.</p>"
    )
    assert lines(document) == ["The criteria were:", "age;", "(b) sex.", "All were met."]


def test_a_figure_within_a_sentence_is_read_after_it() -> None:
    document = article(
        "<p>Before <fig><label>Figure 1</label><caption><title>A title</title><p>More "
        "<italic>words</italic>.</p></caption>"
        "<graphic/></fig>and after.</p><p>Next.</p>"
    )
    assert lines(document) == ["Before and after.", "Figure 1. A title", "More words.", "Next."]


def test_figures_kept_at_the_end_are_read_where_they_are_first_mentioned() -> None:
    document = article(
        '<p>See <xref ref-type="fig" rid="f1">Figure 1</xref>.</p><p>Next.</p>',
        rest='<floats-group><fig id="f1"><label>Figure 1.</label><caption><p>Caption.</p></caption></fig>'
        '<fig id="f2"><label>Figure 2.</label><caption><p>Unmentioned.</p></caption></fig></floats-group>',
    )
    assert lines(document) == ["See Figure 1.", "Figure 1. Caption.", "Next.", "Figure 2. Unmentioned."]


def test_a_table_is_its_caption_its_rows_and_its_notes() -> None:
    document = article(
        "<table-wrap><label>Table 1</label><caption><p>Doses</p></caption><table><tfoot><tr>"
        "<td>Total</td></tr></tfoot>"
        "<thead><tr><th colspan='2'>Group</th><th>P</th></tr></thead>"
        "<tbody><tr><td>5<sup>1</sup></td><td/><td>one<break/>two</td></tr></tbody></table>"
        "<table-wrap-foot><fn><label>1</label><p>In mg.</p></fn></table-wrap-foot></table-wrap>"
    )
    assert lines(document) == ["Table 1. Doses", "Group | P", "5¹ | one two", "Total", "1 In mg."]
    assert [block.kind for block in document.blocks] == ["prose", "line", "line", "line", "prose"]


def test_a_table_is_preferred_to_its_picture() -> None:
    table = "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"
    assert text(f"<table-wrap><alternatives><graphic/>{table}</alternatives></table-wrap>") == "a | b"


def test_boxes_definitions_and_quotations_are_read() -> None:
    document = article(
        "<boxed-text><label>Box 1</label><caption><title>Key facts</title></caption><p>A fact.</p></boxed-text>"
        "<def-list><def-item><term>CI</term><def><p>confidence interval</p></def></def-item></def-list>"
        "<disp-quote><p>Rest is best.</p><attrib>A patient</attrib></disp-quote>"
    )
    assert lines(document) == ["Box 1. Key facts", "A fact.", "CI: confidence interval", "Rest is best.", "A patient"]


def test_a_formula_is_read_once_within_its_sentence() -> None:
    formula = (
        "<disp-formula><label>(1)</label><alternatives>"
        "<tex-math>\\begin{document}$$\\frac{a}{b}$$\\end{document}</tex-math>"
        f"<mml:math {_MATH}><mml:mi>r</mml:mi><mml:mo>=</mml:mo><mml:mfrac><mml:mi>a</mml:mi><mml:mrow>"
        f"<mml:mi>b</mml:mi>"
        "<mml:mo>+</mml:mo><mml:msup><mml:mi>c</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:mrow>"
        "</mml:mfrac></mml:math>"
        "</alternatives></disp-formula>"
    )
    assert text(f"<p>The rate is {formula} where b is known.</p>") == "The rate is r = a/(b + c²) (1) where b is known."


def test_tex_is_made_readable() -> None:
    formula = r"<inline-formula><tex-math>$\alpha \leq \frac{x_{2}}{\mathrm{max}}$</tex-math></inline-formula>"
    assert text(f"<p>So {formula}.</p>") == "So α ≤ (x_2)/(max)."


def test_a_footnote_within_a_sentence_is_read_after_it() -> None:
    assert text("<p>One<fn><label>1</label><p>A note.</p></fn> sentence.</p>") == "One sentence.\n\n1 A note."


def test_what_invites_to_click_is_no_caption() -> None:
    found = text(
        "<supplementary-material><label>File S1</label><caption><p>Protocol.</p><p>(PDF)</p></caption>"
        "<media><caption><p>Click here for additional data file.</p></caption></media></supplementary-material>"
    )
    assert found == "File S1. Protocol."


# -- After the body --------------------------------------------------------------------------------------------------


def test_who_paid_who_did_what_and_who_has_an_interest_can_be_found() -> None:
    document = article(
        "<sec><title>Results</title><p>Body.</p></sec>",
        '<author-notes><corresp>Write to: a@b.org</corresp><fn fn-type="COI-statement"><p>None declared.</p></fn>'
        '<fn fn-type="con"><p>All wrote.</p></fn></author-notes>'
        "<funding-group><award-group><funding-source>The Fund</funding-source><award-id>A-1</award-id>"
        "</award-group></funding-group>"
        "<custom-meta-group><custom-meta><meta-name>Data Availability</meta-name><meta-value>On request.</meta-value>"
        "</custom-meta></custom-meta-group>",
        "<ack><p>We thank all.</p></ack><app-group><app><title>Appendix A</title><p>More.</p></app></app-group>",
    )
    said = {
        "We thank all.": "Acknowledgments",
        "More.": "Appendix A",
        "None declared.": "Competing interests",
        "All wrote.": "Author contributions",
        "The Fund (A-1)": "Funding",
        "On request.": "Data Availability",
    }
    assert {words: document.section_at(document.text.index(words)) for words in said} == said


def test_contributions_name_those_they_are_linked_to() -> None:
    document = article(
        "<sec><title>Results</title><p>Body.</p></sec>",
        f"<contrib-group>{person('Roe', 'Ann', link='con1')}</contrib-group>",
        '<sec><title>About</title><fn-group><fn fn-type="con" id="con1"><p>Wrote it.</p></fn></fn-group></sec>',
    )
    at = document.text.index("Ann Roe: Wrote it.")
    assert document.section_at(at) == "Author contributions"


def test_headings_in_bold_are_headings_of_notes_and_lines_of_text() -> None:
    document = article(
        "<p><bold>Patients</bold></p><p>Forty.</p>",
        back="<fn-group><fn><p><bold>Competing interests</bold></p><p>None.</p></fn></fn-group>",
    )
    assert [document.text[block.start : block.end] for block in document.blocks if block.kind == "line"] == [
        "Patients",
        "Competing interests",
    ]
    assert document.section_at(document.text.index("None.")) == "Competing interests"


def test_data_sets_listed_in_the_text_are_put_together() -> None:
    entry = "<element-citation><name><surname>Roe</surname><given-names>A</given-names></name><year>2019</year>"
    body = f"<p>Made: {entry}<data-title>Sleep</data-title><source>GEO</source></element-citation></p>"
    assert text(body) == "Made:\nRoe A. Sleep. GEO. 2019."


def test_letters_about_the_article_are_left_out() -> None:
    reply = "<sub-article><front-stub/><body><p>A decision letter.</p></body></sub-article>"
    assert text("<p>Body.</p>", rest=reply) == "Body."
