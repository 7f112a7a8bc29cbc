"""Passages found by hand as data for the ``found`` element: the matched words, the score taken apart.

In: an ``Explanation``. Out: texts and shares; all HTML in it is built from escaped text. What
always holds: the parts shown add up to the score shown.
"""

from typing import Any

from core import retrieval
from core.i18n import _, ngettext, number
from core.retrieval import ExplainedPassage, Explanation, MatchedWord
from pages.ui import safe
from pages.ui.passage import text_html


def told(explained: Explanation) -> dict[str, Any]:
    """Everything the element shows."""
    return {
        "label": _("Passages found"),
        "found": [_one(one, explained) for one in explained.passages],
        "words": {
            "details": _("How the score comes about"),
            "heads": [_("Asked"), _("Found as"), _("How"), _("Times"), _("In passages")],
        },
    }


def is_lexical(explained: Explanation) -> bool:
    """Whether the vectors know words alone (the embedded embedder's do)."""
    return explained.embedder.startswith("embedded:")


def method(explained: Explanation) -> str:
    """How was searched, honestly."""
    if is_lexical(explained) or explained.meaning:
        return _("lexical search (by words)")
    return _("by words and by meaning ({embedder})").format(embedder=explained.embedder)


def _one(one: ExplainedPassage, explained: Explanation) -> dict[str, Any]:
    at = one.found
    lexical = one.points.words + one.points.together + one.points.runs
    return {
        "rank": f"{one.rank}.",
        "name": at.document_name,
        "path": f"/documents?document={at.document_id}&at={at.start}&to={at.end}",
        "id": at.document_id,
        "at": at.start,
        "to": at.end,
        "place": _place(one),
        "score": number(one.score, 2),
        "bar": [min(1.0, max(0.0, points)) for points in (lexical, *_beside(one))],
        "lexical": _("words {points}").format(points=number(lexical, 2)),
        "vector": _vector(one, explained),
        "memory": _memory(one),
        "why": retrieval.in_words(one, explained),
        "html": _html(one),
        "matched": [_matched(match, explained) for match in one.matched],
        "parts": _parts(one, explained),
    }


def _place(one: ExplainedPassage) -> str:
    if one.found.page:
        return _("p. {n}").format(n=one.found.page)
    return one.found.heading.rsplit(">", 1)[-1].strip()


def _vector(one: ExplainedPassage, explained: Explanation) -> str:
    if one.vector is None:
        return ""
    label = _("similar spelling {points}") if is_lexical(explained) else _("meaning {points}")
    return label.format(points=number(one.points.vector, 2))


def _beside(one: ExplainedPassage) -> tuple[float, float]:
    return one.points.vector, one.points.memory


def _memory(one: ExplainedPassage) -> str:
    if one.lift is None:
        return ""
    return _("approved before {points}").format(points=number(one.points.memory, 2))


def _html(one: ExplainedPassage) -> str:
    spans = sorted(span for match in one.matched for span in match.spans)
    marks = [safe.Mark("hit", start, end) for start, end in spans]
    return text_html(one.found.document_name, one.found.text, marks)


def _matched(match: MatchedWord, explained: Explanation) -> list[str]:
    hows = {
        "itself": _("the word or a form of it"),
        "other_language": _("a form in the other language"),
        "same_sense": _("a word that asks for the same"),
        "alike": _("a word written much like it"),
    }
    said = ", ".join(match.found) or _("in the heading")
    held = f"{number(match.holding)} / {number(explained.chunks)}"
    return [match.word, said, hows[match.how], number(match.times), held]


def _parts(one: ExplainedPassage, explained: Explanation) -> list[str]:
    """What adds up to the score, and what it was multiplied by."""
    points = one.points
    parts = [
        _("{points} from rare words it holds (BM25)").format(points=number(points.words, 3)),
        _("{points} from words that stand close together").format(
            points=number(points.together, 3)
        ),
        _("{points} from letters in common").format(points=number(points.runs, 3)),
    ]
    if one.vector is not None:
        label = (
            _("{points} from similar spelling (lexical vectors)")
            if is_lexical(explained)
            else _("{points} from meaning (vectors)")
        )
        parts.append(label.format(points=number(points.vector, 3)))
    if one.lift:
        said = _("{points} because it was approved for “{question}”")
        parts.append(said.format(points=number(points.memory, 3), question=one.lift.question))
    weight = _("Words weigh {share} of the score.").format(share=number(one.share, 2))
    sure = _("How much of the question is in one place: {share}.").format(
        share=number(explained.confidence, 2)
    )
    parts += [f"{weight} {sure}"]
    if one.missing:
        missing = ngettext("It lacks: {words}", "It lacks: {words}", len(one.missing))
        parts.append(missing.format(words=", ".join(one.missing)))
    return parts
