"""The part of the page of comparison: runs."""

from core.db.tables import Assistant


def show(assistant: Assistant) -> None:
    """Show it."""
