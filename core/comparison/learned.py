"""Which versions learned from a question, so that no verdict rests on what they were taught."""

from core import db
from core.comparison.pairing import remembers
from core.comparison.types import SIDES
from core.db.tables import Comparison, Version
from core.retrieval import likeness


def learned(version: Version, question: str) -> bool:
    """Whether the version learned from this very question (case, accents and marks aside)."""
    return remembers(version) and bool(
        likeness.same(version.assistant_id, question, version.memory_freeze)
    )


def learned_by(row: Comparison) -> str:
    """ "", "a", "b" or "both"."""
    with db.session() as session:
        versions = {
            side: session.get_one(Version, getattr(row, f"{side}_version_id")) for side in SIDES
        }
    who = [side for side in SIDES if learned(versions[side], row.question)]
    return "both" if len(who) == 2 else "".join(who)
