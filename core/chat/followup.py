"""Follow-up questions."""

from collections.abc import Mapping, Sequence


def search_query(question: str, history: Sequence[Mapping[str, str]]) -> str:
    return question
