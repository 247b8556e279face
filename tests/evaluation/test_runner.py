import io
import json
import os
import time
import tracemalloc
from pathlib import Path

import pytest

from qa_bot.errors import QuestionError, QuestionSetError
from qa_bot.evaluation.journal import KEPT_DAYS, Journal, JournalError, write
from qa_bot.evaluation.questions import read_collection
from qa_bot.evaluation.record import Outcome, Record
from qa_bot.evaluation.results import read_results, write_results
from qa_bot.evaluation.runner import EvaluationStoppedError, Options, evaluate, evaluating
from qa_bot.evaluation.runs import write_qrels, write_runs
from qa_bot.evaluation.tables import render_results
from qa_bot.evaluation.trec import write_run
from qa_bot.types import Question

from .conftest import LINES, line
from .fakes import WordBot, document


@pytest.fixture
def collection(question_file):
    return read_collection(question_file, {"river": document()})


@pytest.fixture
def options(tmp_path):
    return Options(journal=tmp_path / "journal.jsonl", progress=False)


@pytest.fixture
def results(bot, collection, options):
    return evaluate(bot, [collection], options)


def outcomes(results) -> dict[str, str]:
    return {record.question_id: record.outcome for record in results.records}


def test_every_question_ends_in_the_first_thing_that_went_wrong(results):
    assert outcomes(results) == {
        "q1": Outcome.RIGHT,
        "q2": Outcome.REFUSED_WRONGLY,
        "q3": Outcome.REFUSED_WRONGLY,
        "q4": Outcome.ANSWERED_WRONGLY,
        "q5": Outcome.REFUSED_RIGHTLY,
        "q6": Outcome.NOT_RETRIEVED,
    }


def test_gold_that_was_ranked_but_not_cited_is_named_so(write_lines, options, bot):
    path = write_lines(line("q", "built bridge 1911 old", "It burned down in 1944."), name="a.jsonl")
    path_ranked = write_lines(
        line("q", "old bridge built 1911 river", '"The river belongs to nobody."'), name="b.jsonl"
    )
    missed, ranked = (read_collection(p, {"river": document()}) for p in (path, path_ranked))
    results = evaluate(bot, [missed, ranked], options)
    assert [record.outcome for record in results.records] == [Outcome.NOT_RETRIEVED, Outcome.NOT_CHOSEN]


def test_unanswerable_questions_stay_out_of_retrieval_means(results):
    assert results.figure("hit@1").n == 4
    assert results.figure("hit@1").value == 0.5
    assert results.figure("correct").n == 6
    assert results.figure("correct").value == pytest.approx(2 / 6)


def test_a_question_without_results_scores_zero_in_the_mean(results):
    nothing_found = next(record for record in results.records if record.question_id == "q6")
    assert nothing_found.ranked == ()
    assert nothing_found.values["nDCG@10"] == 0.0
    assert results.figure("nDCG@10").n == 4


def test_refusals_have_precision_and_recall(results):
    assert results.figure("answered precision").value == 0.5  # q1, q4 answered; q1 answerable
    assert results.figure("answered recall").value == 0.25
    assert results.figure("refused precision").value == 0.25  # q5 of q2, q3, q5, q6
    assert results.figure("refused recall").value == 0.5


def test_every_figure_lies_in_its_interval_and_rests_on_questions(results):
    for figure in results.figures:
        assert figure.n > 0
        assert figure.low <= figure.value <= figure.high, figure


def test_citations_of_answers_and_rankings_are_checked_against_their_documents(results):
    assert results.figure("citation exactness").value == 1.0
    assert results.figure("note coverage").value == 1.0
    assert results.figure("orphan rate").value == 0.0


def test_figures_are_also_given_by_tag(results):
    by_tag = {figure.tag: figure.value for figure in results.figures if figure.measure == "correct"}
    assert by_tag["off_topic"] == 1.0
    assert by_tag["near_miss"] == 0.0
    assert results.figure("AUC near-miss").n == 5


def test_the_short_answer_is_scored_where_the_set_holds_one(results):
    assert results.figure("EM").n == 3  # q1 and the two without an answer
    assert results.figure("EM (answerable)").n == 1


def test_a_follow_up_is_asked_with_its_history_and_ranked_by_what_was_searched(write_lines, options):
    bot = WordBot(threshold=0.1)
    path = write_lines(line("q", "and when?", "The old bridge was built in 1911.") | {"history": ["Old bridge built"]})
    results = evaluate(bot, [read_collection(path, {"river": document()})], options)
    assert results.figure("hit@1").value == 1.0


def test_a_question_the_bot_does_not_take_is_recorded_and_the_run_goes_on(write_lines, options, bot):
    path = write_lines(line("bad", "what\x00?"), LINES[0])
    results = evaluate(bot, [read_collection(path, {"river": document()})], options)
    assert outcomes(results) == {"bad": Outcome.INVALID, "q1": Outcome.RIGHT}


def test_a_question_the_bot_does_not_take_counts_as_nothing_found(write_lines, tmp_path, bot):
    path = write_lines(line("bad", "what\x00?", "It burned down in 1944."), LINES[0])
    collection = read_collection(path, {"river": document()})
    results = evaluate(bot, [collection], Options(journal=tmp_path / "j", against=("late",), progress=False))
    for measure in ("correct", "hit@1", "nDCG@10", "document hit@1", "shown@3"):
        assert (results.figure(measure).value, results.figure(measure).n) == (0.5, 2), measure
    assert results.figure("EM").n == 1  # no short answer is known of the other
    assert results.figure("hit@1", system="late").n == 2
    assert "failed: 1 not a question" in render_results(results)


def test_judged_documents_of_a_question_the_bot_does_not_take_count_as_missed(tmp_path, options, bot):
    (tmp_path / "t.topics").write_text("1\told bridge\n2\tmoon\x00\n")
    (tmp_path / "t.qrels").write_text("1 0 river 2\n2 0 river 1\n")
    bot.rank = refusing(bot.rank)
    results = evaluate(bot, [read_collection(tmp_path / "t.topics", {"river": document()})], options)
    assert outcomes(results) == {"1": Outcome.RANKED, "2": Outcome.INVALID}
    assert (results.figure("nDCG@10").value, results.figure("nDCG@10").n) == (0.5, 2)


def refusing(rank):
    def checked(question, **options):
        if "\x00" in question:
            raise QuestionError("the question holds a control character")
        return rank(question, **options)

    return checked


def test_stages_are_measured_beside_the_bot_and_compared_with_it(bot, collection, tmp_path):
    results = evaluate(bot, [collection], Options(journal=tmp_path / "j", against=("bm25", "dense"), progress=False))
    assert results.figure("hit@1", system="bm25").n == 4
    assert [stage.base for stage in results.stages] == ["bm25", "dense"]
    assert {difference.measure for difference in results.stages[0].differences} >= {"hit@1", "nDCG@10"}


# ---------------------------------------------------------------- sets that bring documents


def test_a_set_with_its_own_documents_gets_a_bot_of_its_own(tmp_path, options):
    paragraph = {"context": "The mill stands in Berghem.", "qas": [{"id": "m", "question": "Where stands the mill?"}]}
    paragraph["qas"][0]["answers"] = [{"text": "Berghem", "answer_start": 19}]
    path = tmp_path / "mill.json"
    path.write_text(json.dumps({"data": [{"title": "Mill", "paragraphs": [paragraph]}]}))
    collection = read_collection(path, {})
    folders = []

    def build(documents, folder):
        folders.append(folder)
        assert folder.is_dir()
        return WordBot(tuple(documents))

    results = evaluate(None, [collection], options, build=build)
    assert results.figure("hit@1").value == 1.0
    assert not folders[0].exists()
    with pytest.raises(QuestionSetError, match="brings its own documents; add --corpus"):
        evaluate(None, [collection], options)
    with pytest.raises(QuestionSetError, match="document 'Mill#0' is not in the index; add --corpus"):
        evaluate(WordBot(), [collection], options)


def test_judged_documents_are_ranked_by_their_best_passage(tmp_path, options, bot):
    (tmp_path / "t.topics").write_text("1\told bridge\n2\tmoon landing\n")
    (tmp_path / "t.qrels").write_text("1 0 river 2\n2 0 river 1\n")
    results = evaluate(bot, [read_collection(tmp_path / "t.topics", {"river": document()})], options)
    assert outcomes(results) == {"1": Outcome.RANKED, "2": Outcome.RANKED}
    assert results.figure("nDCG@10").value == 0.5
    assert results.figure("R@100").value == 0.5
    assert results.figure("correct") is None


def test_two_sets_of_one_name_are_refused(bot, collection, options):
    with pytest.raises(QuestionSetError, match="has the same name 'river-questions'"):
        evaluate(bot, [collection, collection], options)


# ---------------------------------------------------------------- stopping and going on


def test_an_interrupted_run_keeps_what_is_done_and_goes_on(collection, options):
    with pytest.raises(
        EvaluationStoppedError, match="stopped after 2 of 6 questions; what is done is kept, go on with --resume"
    ):
        evaluate(WordBot(interrupt_after=2), [collection], options)
    bot = WordBot()
    results = evaluate(bot, [collection], Options(journal=options.journal, resume=True, progress=False))
    assert bot.asked == [question.text for question in collection.questions[2:]]
    assert list(outcomes(results)) == ["q1", "q2", "q3", "q4", "q5", "q6"]


def test_a_line_cut_off_in_writing_is_asked_again(collection, options):
    evaluate(WordBot(), [collection], options)
    content = options.journal.read_bytes()
    options.journal.write_bytes(content[:-20])
    bot = WordBot()
    evaluate(bot, [collection], Options(journal=options.journal, resume=True, progress=False))
    assert bot.asked == ["What happened in wartime?"]


def test_progress_shows_count_rate_and_what_remains(collection, tmp_path, capsys):
    evaluate(WordBot(), [collection], Options(journal=tmp_path / "j"))
    shown = capsys.readouterr().err
    assert "river-questions: 100%" in shown
    assert "6/6" in shown
    assert "questions/s" in shown


def test_a_log_is_not_flooded_with_progress(tmp_path, capsys):
    class Slow(WordBot):
        def ask(self, question, *, history=()):
            time.sleep(0.02)
            return super().ask(question, history=history)

    questions = tuple(Question(f"q{n}", "old bridge", answerable=False) for n in range(40))
    evaluate(Slow(), [read_collection_of(questions, tmp_path)], Options(journal=tmp_path / "j"))
    assert capsys.readouterr().err.count("%|") <= 4  # eight times a second in a terminal, every ten seconds here


def test_two_runs_do_not_write_the_same_records_at_once(collection, options):
    class Meanwhile(WordBot):
        def ask(self, question, *, history=()):
            evaluate(WordBot(), [collection], options)
            raise AssertionError

    with pytest.raises(JournalError, match="is being written by another run; wait for its end"):
        evaluate(Meanwhile(), [collection], options)


def test_records_that_are_being_read_are_not_begun_anew(bot, collection, options, tmp_path):
    with evaluating(bot, [collection], options) as results:
        with pytest.raises(JournalError, match="is being written by another run; wait for its end"):
            evaluate(WordBot(), [collection], options)
        write_results(results, tmp_path / "results.json")
    assert len(list(read_results(tmp_path / "results.json").records)) == 6
    evaluate(WordBot(), [collection], options)


def test_a_full_disk_and_a_place_that_is_none_are_named(results):
    with pytest.raises(JournalError, match="/dev/full: cannot be written: No space left on device; make room there"):
        Journal(Path("/dev/full"), "").start(resume=False)
    with (
        pytest.raises(JournalError, match=r"/dev/full: .*; make room there and go on with --resume"),
        Journal(Path("/dev/full"), "").open() as file,
    ):
        write(file, next(iter(results.records)))
    with (
        pytest.raises(JournalError, match=r"/dev/null/j: cannot be written: .*XDG_CACHE_HOME"),
        Journal(Path("/dev/null/j"), "").alone(),
    ):
        pass


def test_a_run_that_is_stopped_at_its_end_keeps_all_answers(collection, options):
    with (
        pytest.raises(EvaluationStoppedError, match=r"stopped after 6 of 6 questions; .* go on with --resume"),
        evaluating(WordBot(), [collection], options),
    ):
        raise KeyboardInterrupt


def test_a_journal_without_a_whole_first_line_is_begun_anew(tmp_path):
    path = tmp_path / "evaluate.jsonl"
    path.write_text('{"fingerp')
    assert Journal(path, "right").start(resume=True) == set()
    assert json.loads(path.read_text()) == {"fingerprint": "right"}


def test_without_resume_a_run_starts_anew(collection, options):
    evaluate(WordBot(), [collection], options)
    bot = WordBot()
    evaluate(bot, [collection], options)
    assert len(bot.asked) == 6


def test_the_records_of_another_run_are_not_continued(collection, options):
    evaluate(WordBot(), [collection], options)
    with pytest.raises(JournalError, match="written with other questions, another index or other settings"):
        evaluate(
            WordBot(index_version="words-2"),
            [collection],
            Options(journal=options.journal, resume=True, progress=False),
        )


def test_a_damaged_journal_is_named_with_its_line(collection, options):
    evaluate(WordBot(), [collection], options)
    lines = options.journal.read_text().splitlines()
    options.journal.write_text("\n".join([lines[0], "{}", *lines[2:]]) + "\n")
    with pytest.raises(JournalError, match="line 2 is damaged"):
        evaluate(WordBot(), [collection], Options(journal=options.journal, resume=True, progress=False))


def test_records_lie_in_the_cache_folder_unless_a_place_is_named(collection, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    evaluate(WordBot(), [collection], Options(progress=False))
    assert len(list((tmp_path / "qa-bot").glob("evaluate-*.jsonl"))) == 1


@pytest.mark.parametrize("resume", [False, True])
def test_only_what_nobody_has_touched_for_long_leaves_the_cache_folder(bot, collection, tmp_path, monkeypatch, resume):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    options = Options(progress=False, resume=resume)
    evaluate(bot, [collection], options)
    (own,) = (tmp_path / "qa-bot").glob("evaluate-*.jsonl")
    days = {
        "evaluate-old.jsonl": 1,
        "evaluate-held.jsonl": 1,
        "evaluate-young.jsonl": -1,
        "other.jsonl": 1,
        own.name: 1,
    }
    for name, more in days.items():
        path = own.with_name(name)
        path.touch()
        Journal(path, "").lock_path.touch()
        then = time.time() - (KEPT_DAYS + more) * 86_400
        os.utime(path, (then, then))
    with Journal(own.with_name("evaluate-held.jsonl"), "").alone():
        again = WordBot()
        evaluate(again, [collection], options)
    assert len(again.asked) == (0 if resume else 6)
    left = {name for name in days if name != "evaluate-old.jsonl"}
    assert {path.name for path in own.parent.iterdir()} == left | {f"{name}.lock" for name in left}


def test_memory_hardly_grows_with_the_number_of_questions(tmp_path):
    def peak(count: int) -> int:
        questions = tuple(Question(f"q{n}", f"old bridge {n}", answerable=False) for n in range(count))
        collection = read_collection_of(questions, tmp_path)
        bot = WordBot(asked=Forgetful())
        tracemalloc.start()
        results = evaluate(bot, [collection], Options(journal=tmp_path / "j.jsonl", progress=False))
        write_results(results, tmp_path / "r.json")
        grown = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return grown

    peak(10)  # what is imported and cached once
    # Records stay on disk; what is held a question is a row of numbers, 10,000 questions in some 15 MB.
    assert (peak(1_500) - peak(500)) / 1_000 < 1_500


class Forgetful(list):
    def append(self, item):
        del item


def read_collection_of(questions, folder):
    from qa_bot.evaluation.collection import Collection

    return Collection("many", folder / "many.jsonl", questions)


# ---------------------------------------------------------------- results on disk


def test_results_are_the_same_after_writing_and_reading(results, tmp_path):
    write_results(results, tmp_path / "out" / "results.json")
    again = read_results(tmp_path / "out" / "results.json")
    assert again.figures == results.figures
    assert again.curves == results.curves
    assert again.configuration == results.configuration
    assert list(again.records) == list(results.records)
    parsed = json.loads((tmp_path / "out" / "results.json").read_text())
    assert parsed["configuration"]["sets"][0]["file"] == "river-questions.jsonl"
    assert {"version", "index_version", "settings", "seed", "machine", "date"} <= set(parsed["configuration"])
    assert parsed["configuration"]["index"]["documents"] == {"river": document().sha256}


def test_how_the_questions_were_chosen_is_kept(bot, collection, tmp_path):
    options = Options(journal=tmp_path / "j", selection={"tags": "date", "limit": None, "corpus": False})
    assert evaluate(bot, [collection], options).configuration.options == {"tags": "date"}


@pytest.mark.parametrize("content", ["{}", "nonsense", '{"questions": []}', '{"questions": [{}]}', "[]"])
def test_a_file_that_holds_no_results_is_an_error(tmp_path, content):
    (tmp_path / "r.json").write_text(content)
    with pytest.raises(QuestionSetError, match="is no result of qa-bot evaluate --json"):
        read_results(tmp_path / "r.json")


def test_results_of_another_format_are_refused(results, tmp_path):
    path = tmp_path / "r.json"
    write_results(results, path)
    path.write_text(path.read_text().replace('"format": 1', '"format": 99'))
    with pytest.raises(QuestionSetError, match="has format 99, this version reads 1; evaluate again"):
        read_results(path)


def test_the_same_seed_gives_the_same_figures(bot, collection, options, tmp_path):
    one = evaluate(bot, [collection], options)
    two = evaluate(bot, [collection], Options(journal=tmp_path / "other", progress=False))

    def steady(results):
        return [figure for figure in results.figures if not figure.measure.startswith("latency")]

    assert steady(one) == steady(two)


def test_trec_files_give_every_tool_the_same_figures(results, tmp_path):
    import ir_measures

    write_runs(results, tmp_path / "bot.run")
    write_qrels(results, tmp_path / "river.qrels")
    measures = [ir_measures.parse_measure(name) for name in ("nDCG@10", "R@10", "RR@10", "AP@10")]
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "river.qrels")))
    run = list(ir_measures.read_trec_run(str(tmp_path / "bot.run")))
    found = {str(measure): value for measure, value in ir_measures.calc_aggregate(measures, qrels, run).items()}
    ours = {"nDCG@10": "nDCG@10", "R@10": "R@10", "RR@10": "MRR@10", "AP@10": "MAP@10"}
    assert found == {name: pytest.approx(results.figure(measure).value) for name, measure in ours.items()}


def test_each_set_has_a_run_file_of_its_own(bot, write_lines, options, tmp_path):
    paths = [write_lines(LINES[0], name=f"{name}.jsonl") for name in ("towns", "rivers")]
    results = evaluate(bot, [read_collection(path, {"river": document()}) for path in paths], options)
    write_runs(results, tmp_path / "out" / "bot.run")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["bot-rivers.run", "bot-towns.run"]


def test_scores_of_a_run_file_fall_even_where_two_are_equal():
    file = io.StringIO()
    write_run(file, "q", [("b", 0.5), ("a", 0.5), ("c", 0.5000004), ("d", 0.1)], "bot")
    assert [line.split()[4] for line in file.getvalue().splitlines()] == [
        "0.500000",
        "0.499999",
        "0.499998",
        "0.100000",
    ]


def test_a_trec_run_lists_each_ranking_best_first(results, tmp_path):
    write_runs(results, tmp_path / "bot.run")
    lines = [line.split(" ") for line in (tmp_path / "bot.run").read_text().splitlines()]
    assert all(len(columns) == 6 for columns in lines)
    assert lines[0][:4] == ["q1", "Q0", "river:47-80", "1"]
    assert [int(columns[3]) for columns in lines if columns[0] == "q3"] == [1, 2]


def test_a_record_survives_its_line(results):
    for record in results.records:
        assert Record.from_json(record.to_json()) == record
