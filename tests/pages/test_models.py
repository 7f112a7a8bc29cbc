"""Models: which there are, how they do, and the diagnoses as buttons."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import chat, registry
from core.config import settings
from core.db.tables import Assistant
from core.diagnosis import Broken, Finding, Rate
from core.errors import InvalidInput, ModelFailed
from core.i18n import speaking
from core.llm import fake
from pages.ui import checks, model_health
from tests.fake_ollama import FakeOllama
from tests.pages.conftest import Opens, elements, said

PAGE = "pages/manage/models.py"
HOSTILE = "<script>alert(1)</script> **nome**"


@pytest.fixture(autouse=True)
def nothing_checked() -> Iterator[None]:
    """No run of an earlier test shows."""
    checks.forget()
    yield
    checks.forget()


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOllama]:
    """An Ollama that answers."""
    with FakeOllama() as running:
        monkeypatch.setenv("CICLO_OLLAMA_URL", running.url)
        settings.cache_clear()
        yield running


def table(app: AppTest, label: str) -> list[list[dict[str, Any]]]:
    """The cells of the table of this name."""
    found = [one for one in elements(app) if one.get("label") == label]
    return [row["cells"] for row in found[0]["rows"]] if found else []


def ended() -> checks.Checking:
    """The last run, once it has ended."""
    until = time.monotonic() + 10
    while (run := checks.last()) is None or run.running:
        assert time.monotonic() < until
        time.sleep(0.01)
    return run


def check(*found: Finding, then: Callable[[], None] = lambda: None) -> checks.Checking:
    """A run that finds this and then does that."""

    def diagnosis() -> Iterator[Finding]:
        yield from found
        then()

    checks.begin("answer", "Loja", diagnosis)
    return ended()


def test_without_ollama_the_page_says_what_answers_and_what_to_do(
    opens: Opens, shop: Assistant
) -> None:
    page = said(opens(PAGE)).replace("\u2060", "")
    assert "O Ollama não responde em http://127.0.0.1:9" in page
    assert "o motor do Ciclo cita seus documentos" in page
    assert "ollama serve" in page


def test_models_are_listed_with_their_facts_and_who_uses_them(
    opens: Opens, shop: Assistant, ollama: FakeOllama
) -> None:
    registry.choose_model(shop.id, "ollama:llama3.2:latest")
    rows = {cells[0]["text"]: cells for cells in table(opens(PAGE), "Modelos")}
    used = rows["llama3.2"]
    assert (used[1]["text"], used[1]["mark"]) == ("pronto", "good")
    assert (used[2]["text"], used[3]["text"]) == ("2,0 GB · 3,2 B", "131.072")
    (link,) = used[5]["links"]
    assert (link["text"], link["path"]) == ("Loja (campeão)", f"/assistants?assistant={shop.id}")


def test_a_missing_model_is_offered(opens: Opens, shop: Assistant, ollama: FakeOllama) -> None:
    registry.choose_model(shop.id, "ollama:gemma3:4b")
    app = opens(PAGE)
    rows = {cells[0]["text"]: cells for cells in table(app, "Modelos")}
    assert (rows["gemma3:4b"][1]["text"], rows["gemma3:4b"][1]["mark"]) == ("não instalado", "bad")
    assert app.button(key="models.fetch.gemma3:4b")


def test_providers_tell_what_they_lack_and_the_way_out(opens: Opens, shop: Assistant) -> None:
    rows = {cells[0]["text"]: cells[1] for cells in table(opens(PAGE), "Provedores")}
    assert rows["Motor do Ciclo"]["mark"] == "good"
    assert rows["anthropic"]["mark"] == "note"
    assert rows["anthropic"]["note"]
    assert "fake" not in rows


@pytest.mark.parametrize(
    ("state", "failures", "rests", "said_"),
    [
        ("open", 5, 20.0, "em descanso por 20 s depois de 5 falhas"),
        ("half_open", 5, 0.0, "em nova tentativa depois de 5 falhas"),
        ("closed", 1, 0.0, "1 falha há pouco"),
    ],
)
def test_a_breaker_is_told_in_words(state: str, failures: int, rests: float, said_: str) -> None:
    with speaking("pt-BR"):
        assert model_health.broken(Broken("v", "Loja", 1, "m", state, failures, rests)) == said_


def test_who_rests_after_failures_is_shown_with_what_failed(opens: Opens, shop: Assistant) -> None:
    registry.choose_model(shop.id, "fake:echo")
    fake.reset()
    fake.queue(*[ModelFailed("fora do ar", code="not_reachable")] * 5)
    for n in range(5):
        chat.ask(f"Quando a loja abre {n}?", assistant=shop.id)
    rows = {cells[0]["text"]: cells for cells in table(opens(PAGE), "A última hora")}
    assert "depois de 5 falhas" in rows["echo"][1]["text"]
    assert rows["echo"][4]["text"] == "5/5 (100%)"
    assert rows["echo"][4]["note"] == "o servidor não foi encontrado: 5"


def test_a_version_whose_calls_all_failed_is_not_called_working() -> None:
    def rate(failed: int) -> dict[str, Any]:
        return model_health._seen(Rate("v", "Loja", 1, "m", 4, 0, 0, 4, failed))

    with speaking("pt-BR"):
        told = [(rate(failed)["text"], rate(failed)["mark"]) for failed in (0, 1, 4)]
    assert told == [
        ("funcionando", "good"),
        ("algumas chamadas falharam", "note"),
        ("todas as chamadas falharam", "bad"),
    ]


def test_a_diagnosis_is_one_button_and_lists_what_it_found(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE)
    app.button(key="models.check.connectivity").click().run()
    ended()
    rows = table(app.run(), "O que se encontrou")
    assert {cells[0]["mark"] for cells in rows} <= {"good", "note", "bad"}
    assert any("127.0.0.1:9" in cells[1]["text"] for cells in rows)


@pytest.mark.slow
def test_every_diagnosis_can_be_begun(opens: Opens, shop: Assistant) -> None:
    for name in ("full", "models", "answer", "reasoning", "analysis", "stress"):
        app = opens(PAGE)
        app.button(key=f"models.check.{name}").click().run()
        run = ended()
        assert (run.name, bool(run.found)) == (name, True)
        assert not app.exception


def test_findings_say_how_they_stand_what_was_found_and_what_to_do(
    opens: Opens, shop: Assistant
) -> None:
    check(Finding("server", "bad", HOSTILE, "Inicie-o.", "ollama", 1.5))
    app = opens(PAGE)
    ((name, found, took),) = table(app, "O que se encontrou")
    assert (name["mark"], name["help"]) == ("bad", "falhou")
    assert (found["text"], found["note"]) == (HOSTILE, "ollama\nInicie-o.")
    assert took["text"] == "1,50 s"


def test_a_diagnosis_that_cannot_begin_is_a_finding() -> None:
    def refuse() -> None:
        raise InvalidInput("Não há assistente.", hint="Crie um.")

    (found,) = check(then=refuse).found
    assert (found.state, found.found, found.advice) == ("bad", "Não há assistente.", "Crie um.")


def test_a_mistake_of_ours_is_a_finding_without_its_trace() -> None:
    def break_() -> None:
        raise RuntimeError("secret")

    (found,) = check(then=break_).found
    assert found.state == "bad"
    assert "secret" not in found.found


def test_a_second_diagnosis_waits_for_the_first_to_end() -> None:
    go = threading.Event()

    def waiting() -> Iterator[Finding]:
        yield Finding("server", "good", "a")
        go.wait(10)
        yield Finding("server", "good", "late")

    checks.begin("first", "", waiting)
    checks.begin("second", "", lambda: iter(()))
    run = checks.last()
    assert run
    assert run.name == "first"
    checks.stop()
    assert (run.state, run.running) == ("stopped", False)
    checks.begin("second", "", lambda: iter(()))
    go.set()
    assert ended().name == "second"
    assert [one.found for one in run.found] in ([], ["a"])


def test_without_an_assistant_what_is_asked_of_one_cannot_be_begun(opens: Opens) -> None:
    app = opens(PAGE)
    assert app.button(key="models.check.answer").disabled
    assert not app.button(key="models.check.connectivity").disabled
