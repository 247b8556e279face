"""What a terminal is given obeys nobody but us."""

from dataclasses import replace


def test_control_characters_of_a_source_do_not_reach_the_terminal(bot):
    from qa_bot.rendering.text import answer_text

    answer = bot.ask("When was Shusha taken?", max_citations=1)
    hostile = replace(
        answer.citations[0], title="A \x1b]0;owned\x07 title", quote="\x1b[2J" + answer.citations[0].quote
    )
    shown = answer_text(replace(answer, citations=(hostile,), short=None))
    assert not [c for c in shown if ord(c) < 32 and c != "\n"]
