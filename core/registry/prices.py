"""What an answer costs: its tokens at its model's prices."""

from core.db.tables import Model

PER_MILLION = 1_000_000


def cost(model: Model, tokens_in: int | None, tokens_out: int | None) -> float | None:
    """US dollars; None where the model did not say how many tokens it used."""
    if tokens_in is None or tokens_out is None:
        return None
    return (tokens_in * model.price_in + tokens_out * model.price_out) / PER_MILLION
