"""``ciclo diagnose full``: every diagnosis, one after the other; detailed: deeper, and a small stress."""

from collections.abc import Iterator

from core.access import allowed
from core.diagnosis.answering import LEVELS, analysis, answer, reasoning
from core.diagnosis.connectivity import connectivity
from core.diagnosis.finding import Finding, failed
from core.diagnosis.readiness import check
from core.diagnosis.stress import stress
from core.errors import CicloError

REQUESTS, CONCURRENCY = 8, 2  # enough to see two at once; not a load test


@allowed("change")
def full(assistant: str | None = None, *, detailed: bool = False) -> Iterator[Finding]:
    """All findings; a diagnosis that cannot even begin is a finding itself."""
    parts = [("connectivity", connectivity()), ("models", check()), ("answer", answer(assistant))]
    if detailed:
        parts.append(("reasoning", reasoning(assistant)))
        parts += [("analysis", analysis(assistant, level)) for level in LEVELS]
        many = stress(assistant, requests=REQUESTS, concurrency=CONCURRENCY)
        parts.append(("stress", many))
    for group, findings in parts:
        try:
            yield from findings
        except CicloError as error:  # no assistant yet
            yield failed(group, error)
