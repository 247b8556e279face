"""The real bot, seen through what evaluation needs of it."""

from itertools import combinations

import pytest

from qa_bot.evaluation.askable import STAGES
from qa_bot.evaluation.measured import build_measured
from qa_bot.evaluation.questions import read_collection
from qa_bot.evaluation.runner import Options, evaluate
from qa_bot.measures.spans import overlaps

from .fakes import TEXT, document

OTHER = "The mill of Berghem grinds rye. It has stood on the hill since 1702. A storm took its sails."


@pytest.fixture(scope="module")
def bot(tmp_path_factory):
    return build_measured((document(), document("mill", OTHER)), tmp_path_factory.mktemp("index"))


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_ranks_sentences_that_do_not_overlap(bot, stage):
    ranked = bot.rank("When was the old bridge built?", stage=stage, unit="sentence", limit=5)
    assert 1 <= len(ranked) <= 5
    assert not any(overlaps(one, other) for one, other in combinations(ranked, 2))
    sentences = {sentence.span.start for doc in bot.documents for sentence in bot.outline(doc.doc_id).sentences}
    assert {place.span.start for place in ranked} <= sentences


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_ranks_passages_best_first(bot, stage):
    ranked = bot.rank("storm mill sails", stage=stage, unit="passage", limit=10)
    assert ranked[0].doc_id == "mill"
    assert [place.score for place in ranked] == sorted((place.score for place in ranked), reverse=True)


def test_the_real_bot_is_measured_like_any_other(bot, question_file, tmp_path):
    collection = read_collection(question_file, {one.doc_id: one for one in bot.documents})
    results = evaluate(bot, [collection], Options(journal=tmp_path / "j", against=STAGES, progress=False))
    assert results.figure("hit@3").value >= 0.75
    assert results.figure("citation exactness").value == 1.0
    assert results.figure("note coverage").value == 1.0
    assert {comparison.base for comparison in results.stages} == set(STAGES)
    assert results.configuration.index_version == bot.index_version
    assert TEXT in {one.text for one in bot.documents}
