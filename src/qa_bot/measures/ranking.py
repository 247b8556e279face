"""Ranked lists judged with ir_measures: nDCG@10, R@k, RR and AP as trec_eval computes them."""

from collections.abc import Mapping, Sequence

from qa_bot.measures.spans import Place, Placed, overlaps
from qa_bot.types import Span

RANKING_MEASURES = ("nDCG@10", "R@10", "RR@10", "AP@10")


def score_ranking(
    ranked: Sequence[str], relevance: Mapping[str, int], measures: Sequence[str] = RANKING_MEASURES
) -> dict[str, float]:
    """Each measure of one question's ranked ids, best first, against its judged ids.

    A question without results scores 0 and never vanishes from a mean. `measures` are written as
    ir_measures writes them ("nDCG@10", "R@100", "RR@10", "AP").
    """
    if not ranked:
        return dict.fromkeys(measures, 0.0)
    from ir_measures import Qrel, ScoredDoc, iter_calc, parse_measure

    qrels = [Qrel("q", unit, relevant) for unit, relevant in relevance.items()]
    # Ranks, not scores, decide: trec_eval would break ties of equal scores by id.
    run = [ScoredDoc("q", unit, -float(rank)) for rank, unit in enumerate(dict.fromkeys(ranked))]
    scores = {
        str(metric.measure): float(metric.value) for metric in iter_calc(map(parse_measure, measures), qrels, run)
    }
    return {name: scores.get(name, 0.0) for name in measures}


def judged_ids(ranked: Sequence[Placed], relevant: Sequence[Placed]) -> tuple[str, ...]:
    """Ids for ranked places such that a place overlapping relevant units takes the id of one of them.

    Each relevant unit (a sentence that overlaps gold) is found once, by the best ranked
    place that overlaps it; a place that only repeats what was found gets its own id and counts as not
    relevant. So the number of relevant units is fixed by the question, whatever the system returns.
    """
    unfound = list(relevant)
    ids = []
    for place in ranked:
        found = next((unit for unit in unfound if overlaps(place, unit)), None)
        if found is not None:
            unfound.remove(found)
        ids.append(unit_id(found or place))
    return tuple(ids)


def unit_id(place: Placed) -> str:
    """The name of a place in TREC files: `doc_id:start-end`."""
    return f"{place.doc_id}:{place.span.start}-{place.span.end}"


def place_of(unit: str) -> Place:
    """The place of such a name."""
    doc_id, _, offsets = unit.rpartition(":")
    start, _, end = offsets.partition("-")
    return Place(doc_id, Span(int(start), int(end)))
