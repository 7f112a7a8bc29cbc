"""What an answer costs, and what a provider's cache saves of it."""

import pytest

from core.db.tables import Model
from core.registry.prices import cost, saved

MODEL = Model(provider="anthropic", name="x", price_in=3.0, price_out=15.0)


def test_tokens_cost_their_models_prices() -> None:
    assert cost(MODEL, 1_000_000, 100_000) == pytest.approx(4.5)


def test_what_nobody_counted_has_no_cost() -> None:
    assert cost(MODEL, None, 10) is None
    assert cost(MODEL, 10, None) is None


def test_tokens_from_the_providers_cache_cost_less_and_the_saving_is_told() -> None:
    assert saved(MODEL, 1_000_000) == pytest.approx(2.7)
    assert cost(MODEL, 1_000_000, 0, cached=1_000_000) == pytest.approx(0.3)


def test_more_cached_tokens_than_were_read_save_no_more_than_those() -> None:
    assert cost(MODEL, 10, 0, cached=10_000) == cost(MODEL, 10, 0, cached=10)


def test_a_provider_without_a_cache_price_saves_nothing() -> None:
    own = Model(provider="ollama", name="x", price_in=1.0, price_out=1.0)
    assert (saved(own, 500), saved(own, None)) == (0, 0)
