"""What the documents page shows, piece by piece: the view in the address, scores, differences."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import retrieval
from core.db.tables import Assistant, Document
from core.i18n import speaking
from core.retrieval import difference
from pages.ui import found, shelf_rows, shelf_view, versions

SAID = st.dictionaries(
    st.sampled_from(["search", "only", "sort", "descending", "page"]),
    st.one_of(st.text(max_size=20), st.integers(), st.none(), st.booleans()),
)


@given(SAID)
def test_any_address_gives_a_view_that_can_be_shown(said: dict[str, object]) -> None:
    view = shelf_view.read(said)
    assert view.only in shelf_view.PARTS
    assert view.sort in shelf_view.SORTS
    assert view.page >= 1 <= view.offset + 1


def test_every_column_and_every_chip_is_known_to_the_list(shop: Assistant) -> None:
    by_column = [shelf_view.View(sort=sort) for sort in shelf_view.SORTS]
    by_part = [shelf_view.View(only=only) for only in shelf_view.PARTS]
    totals = [shelf_view.found(shop.id, view).total for view in by_column + by_part]
    assert totals[: len(by_column) + 1] == [1] * (len(by_column) + 1)
    assert set(totals) <= {0, 1}


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_difference_shows_no_live_html(a: str, b: str) -> None:
    shown = versions.html(difference.between(f"<b>{a}", f"<i onclick=x>{b}"))
    assert "<b>" not in shown
    assert "<i " not in shown


def test_left_out_lines_are_shown_as_a_gap() -> None:
    old = [f"line {n}" for n in range(60)]
    new = ["first", *old[1:58], "last", old[59]]
    shown = versions.html(difference.between("\n".join(old), "\n".join(new)))
    assert shown.count('class="gap"') == 1


def test_what_is_shown_of_a_score_adds_up_to_it(shop: Assistant) -> None:
    explained = retrieval.explain("quando a loja abre aos sábados", assistant_id=shop.id)
    with speaking("en"):
        one = found.told(explained)["found"][0]
    lexical, vector = (float(one[part].rsplit(" ", 1)[1]) for part in ("lexical", "vector"))
    assert lexical + vector == pytest.approx(float(one["score"]), abs=0.011)
    assert "<mark>sábados</mark>" in one["html"]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (None, None, ""),
        (None, -1, "expired on"),
        (None, 0, "until"),
        (1, None, "not before"),
        (0, None, "since"),
        (-5, 5, " to "),
    ],
)
def test_validity_is_told_from_today(first: int | None, last: int | None, said: str) -> None:
    def on(days: int | None) -> date | None:
        return None if days is None else retrieval.today() + timedelta(days=days)

    with speaking("en"):
        told = shelf_rows.validity(Document(valid_from=on(first), valid_to=on(last)))
    assert said in told
    assert bool(told) == bool(said)
