"""What an answer costs: its tokens at its model's prices, and what the provider's cache saved.

In: a model and counts of tokens. Out: US dollars. Always holds: what nobody counted costs nothing
that could be told (None, not 0); a saving is never told too large.
"""

from core.db.tables import Model

PER_MILLION = 1_000_000
# What a token read from the provider's cache costs of a fresh one: the dearest of each provider's
# current models, so that a saving is never told too large.
CACHED_SHARE = {"openai": 0.5, "anthropic": 0.1, "google": 0.25}


def cost(
    model: Model, tokens_in: int | None, tokens_out: int | None, cached: int | None = None
) -> float | None:
    """US dollars; None where the model did not say how many tokens it used.

    ``cached`` of ``tokens_in`` came from the provider's cache.
    """
    if tokens_in is None or tokens_out is None:
        return None
    full = (tokens_in * model.price_in + tokens_out * model.price_out) / PER_MILLION
    return full - saved(model, min(cached or 0, tokens_in))


def saved(model: Model, cached: int | None) -> float:
    """US dollars that ``cached`` tokens from the provider's cache saved."""
    share = CACHED_SHARE.get(model.provider, 1.0)
    return (cached or 0) * model.price_in * (1 - share) / PER_MILLION
