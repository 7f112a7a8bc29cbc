"""The parts of a report that name single questions or slices of them: HTML in, nothing else."""

from core.comparison.report.content import Content


def sections(told: Content) -> list[str]:
    """Slices, regressions and improvements, the gate."""
    return []
