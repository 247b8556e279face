"""Every measure against values worked out by hand, published ones, or a slower way to compute the same."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.measures.answers import exact_match, normalise, token_f1
from qa_bot.measures.citations import has_note, is_exact, is_orphan
from qa_bot.measures.labels import counts_f1, macro_f1
from qa_bot.measures.ranking import judged_ids, score_ranking, unit_id
from qa_bot.measures.resampling import (
    Statistic,
    estimates,
    holm,
    mean_of,
    quantile_of,
    randomisation_test,
    ratio_of,
)
from qa_bot.measures.selective import (
    area_under_risk_coverage,
    calibration_error,
    on,
    reliability,
    risk_coverage_curve,
    separation,
)
from qa_bot.measures.spans import Place, first_hit, hit_at, hits, intersection_over_union
from qa_bot.types import Citation, Document, Excerpt, Gold, Perspective, Resolution, Span, Voice

PREDICTIONS = Path(__file__).parent / "evaluation" / "squad-predictions.jsonl"


def place(start: int, end: int, doc_id: str = "d") -> Place:
    return Place(doc_id, Span(start, end))


def gold(start: int, end: int, doc_id: str = "d") -> Gold:
    return Gold(doc_id, Span(start, end))


def value(statistic: Statistic, n: int) -> float:
    return float(statistic.of(np.ones((1, n)))[0])


# ---------------------------------------------------------------- places


def test_one_shared_character_of_the_same_document_is_a_hit():
    assert hits(place(0, 10), [gold(9, 20)])
    assert not hits(place(0, 10), [gold(10, 20)])
    assert not hits(place(0, 10), [gold(0, 10, "other")])


def test_the_first_hit_counts_from_one_and_any_alternative_will_do():
    ranked = [place(0, 5), place(5, 10), place(10, 15)]
    assert first_hit(ranked, [gold(12, 13), gold(6, 7)]) == 2
    assert first_hit(ranked, [gold(20, 21)]) is None
    assert [hit_at(2, cutoff) for cutoff in (1, 2, 3)] == [0.0, 1.0, 1.0]
    assert hit_at(None, 10) == 0.0


def test_intersection_over_union_takes_the_alternative_that_fits_best():
    assert intersection_over_union(place(0, 10), [gold(0, 10)]) == 1.0
    assert intersection_over_union(place(0, 10), [gold(5, 15), gold(9, 11)]) == pytest.approx(5 / 15)
    assert intersection_over_union(place(0, 10), [gold(10, 15)]) == 0.0
    assert intersection_over_union(place(0, 10), []) == 0.0


# ---------------------------------------------------------------- ranked lists


def test_measures_of_a_ranking_are_those_of_trec_eval():
    scores = score_ranking(["x", "a", "y", "b"], {"a": 1, "b": 1, "c": 1})
    ideal = 1 + 1 / np.log2(3) + 1 / np.log2(4)
    assert scores["nDCG@10"] == pytest.approx((1 / np.log2(3) + 1 / np.log2(5)) / ideal)
    assert scores["RR@10"] == 0.5
    assert scores["R@10"] == pytest.approx(2 / 3)
    assert scores["AP@10"] == pytest.approx((1 / 2 + 2 / 4) / 3)


def test_a_question_without_results_scores_zero_and_does_not_vanish():
    assert score_ranking([], {"a": 1}) == {"nDCG@10": 0.0, "R@10": 0.0, "RR@10": 0.0, "AP@10": 0.0}


def test_equal_scores_keep_the_order_of_the_ranking():
    first = score_ranking(["zz", "aa"], {"zz": 1})
    assert first["RR@10"] == 1.0


def test_a_place_that_repeats_what_was_found_is_not_relevant_again():
    relevant = [place(0, 10)]
    ranked = [place(20, 30), place(0, 5), place(5, 12)]
    assert judged_ids(ranked, relevant) == ("d:20-30", "d:0-10", "d:5-12")


def test_two_sentences_of_one_gold_span_are_two_relevant_units():
    relevant = [place(0, 10), place(11, 20)]
    ids = judged_ids([place(0, 10), place(11, 20)], relevant)
    assert score_ranking(ids, {unit_id(unit): 1 for unit in relevant})["nDCG@10"] == 1.0


# ---------------------------------------------------------------- short answers


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The  Bridge, of an ANT!", "bridge of ant"),
        ("U.S.", "us"),
        ("a", ""),
        ("£15–100,000", "£15–100000"),
        ("theatre", "theatre"),
    ],
)
def test_answers_are_normalised_as_the_official_script_does(text, normal):
    assert normalise(text) == normal


def test_an_unanswerable_question_wants_the_empty_answer():
    assert (exact_match("", []), token_f1("", [])) == (1.0, 1.0)
    assert (exact_match("1911", []), token_f1("1911", [])) == (0.0, 0.0)
    assert (exact_match("", ["1911"]), token_f1("", ["1911"])) == (0.0, 0.0)


def test_token_f1_counts_repeated_words_as_often_as_both_have_them():
    assert token_f1("new new york", ["new york new jersey"]) == pytest.approx(2 * 3 / (3 + 4))


def test_a_published_prediction_file_scores_as_the_official_script_scores_it():
    # The figures are those of evaluate-v2.0.py on these lines: see squad-predictions.md.
    rows = [json.loads(line) for line in PREDICTIONS.read_text(encoding="utf-8").splitlines()]
    answerable = [row for row in rows if row["accepted"]]

    def score(measure, lines):
        return round(100 * sum(measure(row["prediction"], row["accepted"]) for row in lines) / len(lines), 2)

    assert (len(rows), len(answerable)) == (87, 69)
    assert (score(exact_match, rows), score(token_f1, rows)) == (77.01, 82.51)
    assert (score(exact_match, answerable), score(token_f1, answerable)) == (82.61, 89.54)


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=30), max_size=3))
def test_f1_is_never_below_exact_match(prediction, accepted):
    assert 0.0 <= exact_match(prediction, accepted) <= token_f1(prediction, accepted) <= 1.0


# ---------------------------------------------------------------- citations

SOURCE = Document("d", "D", 'He said: "We left." It rained.', "hash")


def citation(start: int = 9, end: int = 19, **perspective: object) -> Citation:
    about = {"holder": "h", "party": None, "voice": Voice.DIRECT_QUOTE, "note": "He, quoted directly."} | perspective
    span = Span(start, end)
    return Citation(
        number=1,
        doc_id="d",
        title="D",
        section=None,
        page=None,
        span=span,
        quote=span.of(SOURCE.text),
        document_sha256="hash",
        score=1.0,
        context=SOURCE.excerpt(Span(0, 30)),
        perspective=Perspective(**about),
    )


def test_a_citation_is_exact_only_with_the_same_text_and_the_same_hash():
    assert is_exact(citation(), SOURCE)
    assert not is_exact(citation(), Document("d", "D", SOURCE.text.replace("left", "lost"), "hash"))
    assert not is_exact(citation(), Document("d", "D", SOURCE.text, "another hash"))


def test_a_blank_note_is_no_note():
    assert has_note(citation())
    assert not has_note(citation(note=" "))


def test_a_quotation_with_nobody_who_says_it_is_an_orphan():
    assert is_orphan(citation())
    assert not is_orphan(citation(voice=Voice.NARRATOR))
    assert not is_orphan(citation(speaker="The mayor"))
    assert not is_orphan(citation(attribution=(Excerpt(Span(0, 8), "He said:"),)))
    assert not is_orphan(citation(start=0, cue=Excerpt(Span(3, 7), "said")))
    assert not is_orphan(citation(resolution=Resolution.UNRESOLVED))
    assert is_orphan(citation(resolution=Resolution.UNRESOLVED, note=""))


# ---------------------------------------------------------------- refusing and confidence


def test_risk_coverage_curve_answers_the_most_confident_first_and_ties_together():
    points = risk_coverage_curve(np.array([0.9, 0.5, 0.5, 0.1]), np.array([1.0, 1.0, 0.0, 0.0]))
    assert [(p.coverage, round(p.risk, 3), p.threshold) for p in points] == [
        (0.25, 0.0, 0.9),
        (0.75, 0.333, 0.5),
        (1.0, 0.5, 0.1),
    ]
    assert risk_coverage_curve(np.array([]), np.array([])) == ()


def test_aurc_is_the_mean_risk_over_coverages():
    aurc = area_under_risk_coverage(np.array([0.9, 0.8, 0.7]), np.array([1.0, 0.0, 1.0]))
    assert value(aurc, 3) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)


def test_calibration_error_weighs_the_gap_of_each_bin():
    confidences, correct = np.array([0.95, 0.95, 0.15]), np.array([1.0, 0.0, 0.0])
    assert value(calibration_error(confidences, correct), 3) == pytest.approx((2 * 0.45 + 0.15) / 3)
    assert [(b.low, b.n, b.accuracy) for b in reliability(confidences, correct)] == [(0.1, 1, 0.0), (0.9, 2, 0.5)]


def test_a_confidence_of_one_lies_in_the_last_bin():
    assert [b.low for b in reliability(np.array([1.0]), np.array([1.0]))] == [0.9]


def test_separation_is_the_share_of_pairs_in_the_right_order_ties_half():
    confidences, positive = np.array([0.9, 0.5, 0.5, 0.1]), np.array([1.0, 1.0, 0.0, 0.0])
    assert value(separation(confidences, positive), 4) == pytest.approx((1 + 1 + 0.5 + 1) / 4)


def test_separation_needs_both_kinds():
    assert separation(np.array([0.5]), np.array([1.0])).n == 0


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.4, 0.8]), st.booleans(), st.integers(1, 3)), min_size=1))
def test_weights_mean_the_same_as_repeating_the_questions(rows):
    confidences = np.array([row[0] for row in rows])
    correct = np.array([float(row[1]) for row in rows])
    times = np.array([row[2] for row in rows])
    for measure in (area_under_risk_coverage, calibration_error, separation):
        weighted = measure(confidences, correct)
        repeated = measure(np.repeat(confidences, times), np.repeat(correct, times))
        if weighted.n:
            assert weighted.of(times[None].astype(float))[0] == pytest.approx(value(repeated, int(times.sum())))


# ---------------------------------------------------------------- labels


def test_macro_f1_is_the_mean_over_classes_that_occur():
    expected, predicted = ["a", "a", "b", "b"], ["a", "b", "b", "x"]
    statistic = macro_f1(expected, predicted, ["a", "b", "never"])
    assert value(statistic, 4) == pytest.approx((2 / 3 + 2 / 4) / 2)


def test_pooled_f1_counts_over_all_rows():
    statistic = counts_f1(np.array([1.0, 0.0]), np.array([2.0, 1.0]), np.array([1.0, 1.0]))
    assert value(statistic, 2) == pytest.approx(2 / 5)


# ---------------------------------------------------------------- uncertainty


def test_an_interval_covers_the_mean_at_about_its_level():
    rng = np.random.default_rng(0)
    covered = 0
    for seed in range(200):
        sample = (rng.random(80) < 0.7).astype(float)
        found = estimates({"mean": mean_of(sample)}, 80, seed=seed, resamples=400)["mean"]
        covered += found.low <= 0.7 <= found.high
    assert 0.88 <= covered / 200 <= 0.99


@pytest.mark.parametrize("n", [1, 10, 59, 300])
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_share_of_none_or_all_may_be_off_by_what_would_hardly_be_missed(n, value):
    values = np.array([np.nan, *[value] * n])
    found = estimates({"share": mean_of(values), "difference": mean_of(values, share=False)}, n + 1, seed=1)
    share = found["share"]
    off = share.high if value == 0.0 else 1 - share.low
    assert {share.low, share.high} >= {value}
    assert (1 - off) ** n == pytest.approx(0.05)  # so rare is it to see none in n draws, were it so far off
    assert (found["difference"].low, found["difference"].high) == (value, value)


def test_the_same_seed_gives_the_same_interval():
    sample = mean_of(np.arange(50.0))
    assert estimates({"m": sample}, 50, seed=3) == estimates({"m": sample}, 50, seed=3)


def test_questions_to_which_a_measure_does_not_apply_stay_out_of_its_mean():
    statistic = mean_of(np.array([1.0, np.nan, 0.0]))
    assert statistic.n == 2
    assert value(statistic, 3) == 0.5


def test_a_measure_that_applies_to_nothing_is_not_a_number():
    found = estimates({"m": mean_of(np.array([np.nan, np.nan]))}, 2, seed=1)["m"]
    assert found.n == 0
    assert np.isnan([found.value, found.low, found.high]).all()


def test_a_ratio_divides_sums():
    assert value(ratio_of(np.array([1.0, 2.0]), np.array([4.0, 2.0])), 2) == 0.5


def test_a_quantile_is_a_value_that_occurred():
    latencies = np.array([5.0, np.nan, 1.0, 3.0, 2.0, 4.0])
    assert [value(quantile_of(latencies, share), 6) for share in (0.2, 0.5, 0.95)] == [1.0, 3.0, 5.0]


def test_a_statistic_of_some_questions_ignores_the_others():
    some = np.array([True, False, True])
    assert value(on(some, mean_of(np.array([1.0, 0.0]))), 3) == 0.5


def test_sign_flips_give_the_exact_p_value_of_a_small_sample():
    # Five wins of the same size: of 32 sign patterns two are as extreme.
    assert randomisation_test(np.full(5, 0.2), seed=1) == pytest.approx(2 / 32, abs=0.01)


def test_no_difference_is_not_significant_and_no_p_value_is_zero():
    assert randomisation_test(np.zeros(10), seed=1) == 1.0
    assert 0 < randomisation_test(np.ones(200), seed=1) < 0.001


def test_holm_multiplies_by_the_measures_left_and_never_falls():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
