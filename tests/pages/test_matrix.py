"""Every page as every role: shown in the navigation and open to whoever may, refused to the others."""

import pytest

from core import access
from pages.ui import places
from tests.access.matrix import ANYBODY, PAGES, deeds
from tests.access.test_matrix import WHO, may
from tests.pages.conftest import Enters, Opens


def test_every_page_has_its_line_with_its_deed() -> None:
    assert deeds(PAGES) == {name: one.deed or ANYBODY for name, one in places.PLACES.items()}


@pytest.mark.slow
@pytest.mark.parametrize("role", WHO)
def test_a_page_opens_for_whoever_may_and_for_nobody_else(
    opens: Opens, enters: Enters, role: str
) -> None:
    enters("xis", [] if role == "nobody" else [role])
    wrong = []
    for name, deed in deeds(PAGES).items():
        app = opens(places.PLACES[name].file, language="en")
        refused = any("xis may not" in one.value for one in app.error)
        if refused == may(role, deed):
            wrong.append((name, deed, [one.value for one in app.error]))
    assert wrong == []
    with access.as_person(access.find("xis")):
        shown = {name for name in places.PLACES if places.open_to_me(name)}
    assert shown == {name for name, deed in deeds(PAGES).items() if may(role, deed)}
