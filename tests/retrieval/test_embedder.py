"""Another embedder: it is built while the one before serves, and whatever fails loses nothing."""

import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import clock, db, retrieval
from core.config import settings
from core.db.tables import Embedder, Embedding
from core.errors import InvalidInput, ModelFailed
from core.retrieval import index, meaning
from core.retrieval.embedders import EMBEDDED, cache, feeding, proposals
from tests.fake_ollama import FakeOllama, embedding_model
from tests.retrieval.conftest import embedded
from tests.retrieval.test_index import answers, text_of

pytestmark = pytest.mark.slow  # a server, five documents and three indexes each
MONEY = "# Pagamento\n\nO dinheiro volta para a conta em sete dias.\n"


@pytest.fixture
def desk(assistant: str, ollama: FakeOllama) -> str:
    """An assistant with five documents of one chunk each; the embedded embedder serves."""
    for n in range(4):
        retrieval.add(assistant, f"{n}.md", text_of(n), now=True)
    retrieval.add(assistant, "p.md", MONEY.encode(), now=True)
    return assistant


def _now() -> datetime:
    return datetime.now(UTC)


def used(spec: str = "ollama:bge-m3") -> None:
    retrieval.use_embedder(spec)
    embedded()


def serving() -> str:
    """Who serves by the database, and who by the index of this process: they must agree."""
    key = retrieval.embedder().embedder.key
    assert index.current().embedder.key == key
    return key


def kept() -> int:
    with db.session() as session:
        return session.query(Embedding).count()


def texts_sent(server: FakeOllama) -> list[str]:
    """Every text that was embedded, but for the probes."""
    sent = [text for body in server.bodies("/api/embed") for text in body["input"]]
    return [text for text in sent if "\n" in text]


def test_until_all_is_embedded_the_one_before_serves(desk: str, ollama: FakeOllama) -> None:
    before = answers(desk)
    status = retrieval.use_embedder("ollama:bge-m3")
    assert status.embedder == EMBEDDED
    assert status.coming
    assert (status.coming.state, status.coming.done, status.coming.total) == ("building", 0, 5)
    assert answers(desk) == before
    embedded()
    assert serving() == "ollama:bge-m3"
    status = retrieval.embedder()
    assert (status.done, status.total, status.coming) == (5, 5, None)


def test_a_question_in_other_words_is_found_by_its_meaning(desk: str, ollama: FakeOllama) -> None:
    ollama.means = {"grana": "dinheiro", "cai": "volta"}

    def first() -> str:
        found = retrieval.search("cai a grana", assistant_id=desk, settings={"lexical": 0.5})
        assert found.meaning == ""
        return found.passages[0].document_name

    assert first() != "p.md"
    used()
    assert first() == "p.md"


def test_back_to_the_embedded_one_at_once_and_forth_again_without_a_call(
    desk: str, ollama: FakeOllama
) -> None:
    used()
    found = answers(desk)
    used("embedded:lexical-512")
    assert serving() == "embedded:lexical-512"
    sent = len(texts_sent(ollama))
    used()
    assert serving() == "ollama:bge-m3"
    assert len(texts_sent(ollama)) == sent
    assert answers(desk) == found


def test_the_embedded_one_finds_what_it_found_before_another_served(desk: str) -> None:
    before = answers(desk)
    used()
    used("embedded:lexical-512")
    assert answers(desk) == before


def test_what_is_added_while_another_is_built_is_embedded_too(
    desk: str, ollama: FakeOllama
) -> None:
    retrieval.use_embedder("ollama:bge-m3")
    retrieval.embed_waiting(1)
    retrieval.add(desk, "neu.md", text_of(9), now=True)
    embedded()
    assert serving() == "ollama:bge-m3"
    retrieval.add(desk, "neuer.md", text_of(10), now=True)
    assert retrieval.embedder().done == retrieval.embedder().total - 1
    found = retrieval.search("codigo10x", assistant_id=desk).passages
    assert found[0].document_name == "neuer.md"  # by its words, at once
    embedded()
    assert retrieval.embedder().done == retrieval.embedder().total
    assert index.current()._bare == set()


def test_nothing_is_embedded_twice(desk: str, ollama: FakeOllama) -> None:
    used()
    row = retrieval.documents(desk)[0]
    retrieval.remove(row.id)
    embedded()
    retrieval.restore(row.id)
    retrieval.add(desk, "copy.md", text_of(1), now=True)
    embedded()
    assert len(texts_sent(ollama)) == len(set(texts_sent(ollama))) == 5


def test_a_batch_is_bounded_and_what_is_done_stays_done(
    desk: str, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "BATCH", 2)
    retrieval.use_embedder("ollama:bge-m3")
    assert retrieval.embed_waiting(2) == 4
    ollama.faults["/api/embed"] = "refused"
    assert retrieval.embed_waiting() == 0
    assert kept() == 4
    ollama.faults.clear()
    with clock.held(clock.now() + timedelta(minutes=10)):
        embedded()
    assert [len(body["input"]) for body in ollama.bodies("/api/embed")][1:3] == [2, 2]
    assert serving() == "ollama:bge-m3"


def test_a_server_that_is_down_is_tried_again_later_and_later(
    desk: str, ollama: FakeOllama
) -> None:
    retrieval.use_embedder("ollama:bge-m3")
    ollama.faults["/api/embed"] = "busy"
    at = clock.now()
    pauses = []
    for _ in range(4):
        with clock.held(at):
            retrieval.embed_waiting()
            calls = len(ollama.asked)
            retrieval.embed_waiting()
            assert len(ollama.asked) == calls  # not before its time
            coming = retrieval.embedder().coming
            assert coming
            assert coming.retry_at
            assert coming.state == "building"
            assert coming.error
            pauses.append((coming.retry_at - at).total_seconds())
            at = coming.retry_at
    assert pauses == [2, 4, 8, 16]
    ollama.faults.clear()
    with clock.held(at):
        embedded()
    assert serving() == "ollama:bge-m3"


@pytest.mark.parametrize("fault", ["few", "nan", "zeros", "huge", "words", "other_size"])
def test_nonsense_is_never_stored_and_ends_as_failed_with_a_sentence(
    desk: str, ollama: FakeOllama, fault: str
) -> None:
    retrieval.use_embedder("ollama:bge-m3")
    ollama.faults["/api/embed"] = fault
    for minutes in range(0, 60, 10):
        with clock.held(_now() + timedelta(minutes=minutes)):
            assert retrieval.embed_waiting() == 0
    coming = retrieval.embedder().coming
    assert coming
    assert (coming.state, coming.error_code) == ("failed", "bad_answer")
    assert coming.error
    assert kept() == 0
    assert serving() == "embedded:lexical-512"
    ollama.faults.clear()
    used()  # chosen again, it goes on
    assert serving() == "ollama:bge-m3"


def test_a_text_that_the_model_fails_at_is_found_by_its_words_alone(
    desk: str, ollama: FakeOllama
) -> None:
    ollama.poison = "codigo2x"
    used()
    ollama.poison = ""
    assert serving() == "ollama:bge-m3"
    assert len(index.current()._bare) == 1
    found = retrieval.search("codigo2x", assistant_id=desk)
    assert found.passages[0].document_name == "2.md"
    assert found.meaning == ""
    assert kept() == 5


@pytest.mark.parametrize(
    "spec", ["ollama:llama3.2", "ollama:nada", "openai:x", "nobody:x", "embedded:x"]
)
def test_who_does_not_answer_changes_nothing(desk: str, spec: str) -> None:
    used()
    with pytest.raises((ModelFailed, InvalidInput)):
        retrieval.use_embedder(spec)
    assert retrieval.embedder().coming is None
    assert serving() == "ollama:bge-m3"


def test_cancelling_keeps_who_serves_and_what_was_made(desk: str, ollama: FakeOllama) -> None:
    retrieval.use_embedder("ollama:bge-m3")
    retrieval.embed_waiting(1)
    for _ in range(2):
        assert retrieval.cancel_embedder().coming is None
    assert retrieval.embed_waiting() == 0
    assert serving() == "embedded:lexical-512"
    sent = len(texts_sent(ollama))
    used()
    assert len(texts_sent(ollama)) == sent


def test_choosing_another_gives_up_the_one_that_was_to_come(desk: str) -> None:
    retrieval.use_embedder("ollama:all-minilm")
    retrieval.use_embedder("ollama:bge-m3")
    embedded()
    assert serving() == "ollama:bge-m3"
    assert [row.state for row in retrieval.embedders_used()] == ["serving", "retired"]


def test_other_prefixes_are_another_embedder(desk: str, ollama: FakeOllama) -> None:
    used()
    retrieval.use_embedder("ollama:bge-m3", query_prefix="pergunta: ")
    embedded()
    assert index.current().embedder.query_prefix == "pergunta: "
    assert len(texts_sent(ollama)) == 10


def test_a_model_that_changed_under_its_name_is_seen_and_embedded_anew(
    desk: str, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    used()
    ollama.models[0] = embedding_model("bge-m3:latest", parameters="9B")
    meaning.forget()  # as after a minute
    feeding._looked_at.clear()
    found = retrieval.search("prazo", assistant_id=desk)
    assert "bge-m3" in found.meaning  # its vectors cannot be compared with ours
    assert found.passages
    retrieval.add(desk, "neu.md", text_of(9), now=True)
    retrieval.embed_waiting()
    embedded()
    assert index.current().embedder.digest == ollama.models[0].digest
    meaning.forget()
    assert retrieval.search("prazo", assistant_id=desk).meaning == ""


def test_without_the_server_a_search_goes_on_by_words_and_asks_it_once(
    desk: str, ollama: FakeOllama
) -> None:
    used()
    ollama.faults["/api/embed"] = "busy"
    calls = len(ollama.asked)
    for n in range(5):
        found = retrieval.search(f"nota fiscal {n}", assistant_id=desk)
        assert found.passages
        assert "ollama:bge-m3" in found.meaning
    assert len(ollama.asked) <= calls + 2  # its digest, and one question


def test_a_question_asked_again_costs_no_call(desk: str, ollama: FakeOllama) -> None:
    used()
    first = retrieval.search("nota fiscal", assistant_id=desk).passages
    calls = len(ollama.asked)
    assert retrieval.search("nota fiscal", assistant_id=desk).passages == first
    assert len(ollama.asked) == calls


def test_a_slow_server_costs_a_search_no_more_than_its_limit(
    desk: str, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    used()
    monkeypatch.setattr(meaning, "QUERY_SECONDS", 0.1)
    ollama.faults["/api/embed"] = "silence"
    found = retrieval.search("nota fiscal", assistant_id=desk)
    assert found.seconds < 2
    assert found.meaning
    assert found.passages


def test_a_model_that_had_to_be_loaded_is_there_for_the_next_question(
    desk: str, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    used()
    ollama.faults["/api/embed"], ollama.delay = "slow_start", 0.5
    monkeypatch.setattr(meaning, "QUERY_SECONDS", 0.1)
    assert retrieval.search("nota fiscal", assistant_id=desk).meaning
    meaning.nurse()
    ollama.faults.clear()
    assert retrieval.search("nota fiscal", assistant_id=desk).meaning == ""


def test_who_is_dead_is_not_nursed_without_end(desk: str, ollama: FakeOllama) -> None:
    used()
    ollama.faults["/api/embed"] = "busy"
    retrieval.search("nota fiscal", assistant_id=desk)
    meaning.nurse()
    calls = len(ollama.asked)
    for _ in range(5):
        meaning.nurse()
    assert len(ollama.asked) == calls


def test_an_index_made_with_another_embedder_keeps_its_words(
    desk: str, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    used()
    retrieval.close()
    retrieval.use_embedder("embedded:lexical-512")
    whole = index.Index._apply
    monkeypatch.setattr(index.Index, "_apply", lambda *_: pytest.fail("words made anew"))
    retrieval.settle()
    monkeypatch.setattr(index.Index, "_apply", whole)
    assert serving() == "embedded:lexical-512"
    kept_answers = answers(desk)
    retrieval.close()
    shutil.rmtree(settings().home / "index")
    assert answers(desk) == kept_answers


def test_searches_go_on_while_vectors_are_made_anew(
    desk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.retrieval import preparing

    used()
    before = index.current().embedder
    go_on, made = threading.Event(), preparing.vectors_of

    def slowly(*given: object) -> object:
        assert go_on.wait(10)
        return made(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(preparing, "vectors_of", slowly)
    monkeypatch.setattr(index, "SWITCH_PATIENCE", 0.0)
    retrieval.use_embedder("embedded:lexical-512")
    for n in (20, 21):
        retrieval.add(desk, f"{n}.md", text_of(n), now=True)
        found = retrieval.search(f"codigo{n}x", assistant_id=desk)
        assert found.passages[0].document_name == f"{n}.md"
        assert index.current().embedder == before
    gone = retrieval.documents(desk)[-1]
    retrieval.remove(gone.id)
    go_on.set()
    retrieval.settle()
    assert serving() == "embedded:lexical-512"
    kept_answers = answers(desk)
    retrieval.close()
    shutil.rmtree(settings().home / "index")
    assert answers(desk) == kept_answers


def test_vectors_nobody_needs_go_after_a_day(desk: str, ollama: FakeOllama) -> None:
    used()
    row = retrieval.documents(desk)[0]
    retrieval.remove(row.id)
    retrieval.purge()
    assert kept() == 5
    with clock.held(_now() + timedelta(hours=25)):
        retrieval.purge()
        assert kept() == 4
        retrieval.use_embedder("embedded:lexical-512")
        retrieval.purge()
        assert kept() == 4
    with clock.held(_now() + timedelta(hours=51)):
        retrieval.purge()
        assert kept() == 0


def test_vectors_needed_again_within_the_day_stay(desk: str) -> None:
    used()
    row = retrieval.documents(desk)[0]
    retrieval.remove(row.id)
    cache.sweep()
    retrieval.restore(row.id)
    cache.sweep()
    with clock.held(_now() + timedelta(hours=25)):
        assert cache.sweep() == 0


def test_two_that_embed_at_once_do_not_do_the_same(
    desk: str, ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    retrieval.use_embedder("ollama:bge-m3")
    with db.writing() as session:  # as if another process were at it
        session.query(Embedder).update(
            {"holder": "another", "lease_until": clock.now() + timedelta(seconds=20)}
        )
    assert retrieval.embed_waiting() == 0
    assert texts_sent(ollama) == []
    with clock.held(_now() + timedelta(seconds=30)):  # it died
        assert retrieval.embed_waiting() == 5


def test_what_can_be_chosen_is_proposed_with_what_it_needs(desk: str, ollama: FakeOllama) -> None:
    used()
    found = {one.spec: one for one in retrieval.propose_embedders()}
    assert next(iter(found)) == "ollama:bge-m3"
    assert found["ollama:bge-m3"].state == "serving"
    assert found["embedded:lexical-512"].state == "ready"
    assert found["ollama:all-minilm"].state == "ready"
    assert "ollama pull embeddinggemma" in found["ollama:embeddinggemma"].hint
    assert "ollama:llama3.2" not in found
    assert all(one.hint or one.state in ("serving", "ready") for one in found.values())


def test_without_ollama_what_it_would_offer_is_told_all_the_same(home: Path) -> None:
    found = {one.spec: one for one in proposals.propose_embedders()}
    assert found["ollama:bge-m3"].state == "not_reachable"
    assert found["ollama:bge-m3"].hint
    assert found["embedded:lexical-512"].state == "serving"
