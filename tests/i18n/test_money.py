"""Money as it is read: the reader's marks, and one minus everywhere."""

from core import i18n


def test_what_is_below_nothing_has_a_minus_and_no_hyphen() -> None:
    with i18n.speaking("pt-BR"):
        assert i18n.money(-1234.5, "USD").replace("\xa0", " ") == "−US$ 1.234,50"
        assert "−" not in i18n.money(3)
