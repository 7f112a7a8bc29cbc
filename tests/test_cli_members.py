"""Members of an assistant at the command line."""

from core import access, assistants
from tests.access.test_roles import somebody
from tests.conftest import Run


def test_people_are_let_in_and_out_by_name(ciclo: Run) -> None:
    made, ana = assistants.create("Folha"), somebody("Ana", "viewer")
    told = ciclo("assistants", "members", "folha", "--only", "--add", "Ana", "--json").data
    assert told == {
        "assistant_id": made.id,
        "only": True,
        "people": [{"id": ana.id, "name": "Ana"}],
    }
    assert "Folha is for its members only." in ciclo("assistants", "members", "Folha").out
    assert ciclo("--as", "Ana", "assistants", "list", "--json").data["data"]
    told = ciclo("assistants", "members", "Folha", "--remove", ana.id, "--json").data
    assert told["people"] == []
    assert ciclo("--as", "Ana", "assistants", "list", "--json").data["data"] == []
    assert ciclo("--as", "Ana", "ask", "Quando?", "--assistant", "Folha").code == 3
    assert ciclo("assistants", "members", "Folha", "--everybody", "--json").data["only"] is False


def test_nobody_is_made_by_a_name_that_is_not_there(ciclo: Run) -> None:
    assistants.create("Folha")
    assert ciclo("assistants", "members", "Folha", "--add", "Nobody").code == 3
    assert ciclo("assistants", "members", "Nothing").code == 3
    assert access.people("Nobody") == []
