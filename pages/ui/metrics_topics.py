"""What people ask about, and what could not be answered."""

from core import metrics


def show(view: metrics.View) -> None:
    """Topics, then the questions without an answer."""
