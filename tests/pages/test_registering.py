"""A model is registered with its price on the models page."""

import pytest

from core import db
from core.db.tables import Assistant, Model
from tests.pages.conftest import Opens, said

pytestmark = pytest.mark.slow
PAGE = "pages/manage/models.py"


def test_a_price_is_saved_and_what_cannot_be_is_told(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE)
    app.text_input(key="models.register.name").set_value("nowhere:x").run()
    app.number_input(key="models.register.in").set_value(0.5)
    app.button(key="models.register.save").click().run()
    assert "nowhere" in said(app)
    app.text_input(key="models.register.name").set_value("ollama:loja-lora").run()
    app.button(key="models.register.save").click().run()
    with db.session() as session:
        assert session.query(Model).filter_by(name="loja-lora").one().price_in == 0.5
