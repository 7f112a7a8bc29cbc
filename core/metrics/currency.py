"""Money as the reader knows it: dollars are stored, their own currency is shown once a rate is set."""

from core import i18n
from core.metrics import targets


def money(dollars: float, digits: int = 2) -> str:
    """An amount in the currency that is set, at the rate that is set; else in dollars."""
    held = targets.held()
    if held.rate:
        return i18n.money(dollars * held.rate, held.currency, digits)
    return i18n.money(dollars, "USD", digits)
