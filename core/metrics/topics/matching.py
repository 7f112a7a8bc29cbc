"""Which topic a group of questions is, of those that were there before.

In: centres of groups, and of topics by their ids. Out: each group's topic, and the topics that stay though no
group is theirs. Pure. Always holds: the likest find each other first, equal ones by their ids; a topic is one group's at
most.
"""

from collections.abc import Mapping, Sequence

from core.metrics.topics.groups import SAME, Centre, likeness

KNOWN_AGAIN = 0.5  # how like (cosine) the centres of a group and of the topic it is are at least


def matched(groups: Sequence[Centre], topics: Mapping[str, Centre]) -> list[str | None]:
    """The id of each group's topic; None for one that is new."""
    pairs = (
        (-likeness(group, centre), topic, place)
        for place, group in enumerate(groups)
        for topic, centre in topics.items()
    )
    found: list[str | None] = [None] * len(groups)
    for unlike, topic, place in sorted(pairs):
        if -unlike >= KNOWN_AGAIN and found[place] is None and topic not in found:
            found[place] = topic
    return found


def staying(
    groups: Sequence[Centre], topics: Mapping[str, Centre], named: Sequence[str]
) -> list[str]:
    """Topics without a group that may keep questions of their own: no group says the same, or a
    person has named them."""
    return [
        topic
        for topic, centre in sorted(topics.items())
        if topic in named or all(likeness(group, centre) < SAME for group in groups)
    ]
