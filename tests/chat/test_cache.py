"""The answer cache: what is given again, to whom, and what never is."""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import assistants, chat, clock, config, db, feedback, registry, retrieval
from core.chat import cache
from core.chat.cache_stores import Memory, Redis, Rows, Store
from core.db.tables import Assistant, CachedAnswer
from core.llm import fake

QUESTION = "Quando a loja abre?"
GROUNDED = "Aos sábados a loja abre das 9h às 13h. [1]"


@pytest.fixture(autouse=True)
def _layers(home: Path) -> Iterator[None]:
    cache.forget_layers()
    yield
    cache.forget_layers()


def say(text: str = GROUNDED, times: int = 8) -> None:
    """What the model answers from now on."""
    fake.queue(*[text] * times)


def asked() -> int:
    """How often the model was asked."""
    return len(fake.asked)


def test_the_same_question_is_answered_from_the_answer_before(spoken: Assistant) -> None:
    say()
    first, second = chat.ask(QUESTION), chat.ask("  quando a LOJA abre ")
    assert second.message.cached
    assert second.message.cached_from == first.message.id
    assert second.message.text == first.message.text
    assert [c.quote for c in second.citations] == [c.quote for c in first.citations]
    assert len(second.passages) == len(first.passages) > 0
    assert (second.message.cost, second.message.attempts) == (0.0, 0)
    assert asked() == 1


def test_what_is_given_again_streams_like_any_answer(spoken: Assistant) -> None:
    say()
    chat.ask(QUESTION)
    events = list(chat.follow(chat.start(QUESTION).answer_id))
    assert "".join(e.text for e in events if e.kind == "text") == GROUNDED


def test_a_chain_of_repeats_names_the_answer_that_the_model_gave(spoken: Assistant) -> None:
    say()
    first = chat.ask(QUESTION)
    chat.ask(QUESTION)
    assert chat.ask(QUESTION).message.cached_from == first.message.id


def changed_document(one: Assistant) -> None:
    retrieval.add(one.id, "horarios.md", b"# Horas\n\nA loja abre das 8h em diante.", now=True)


def removed_document(one: Assistant) -> None:
    retrieval.remove(retrieval.documents(one.id)[0].id)


def expired_document(one: Assistant) -> None:
    row = retrieval.documents(one.id)[0]
    retrieval.set_validity([row.id], valid_to=retrieval.today() - timedelta(days=1))


def another_rule(one: Assistant) -> None:
    assistants.update(one.id, rules=["Seja breve."])


def another_model(one: Assistant) -> None:
    registry.choose_model(one.id, "fake:other")


@pytest.mark.parametrize(
    "change",
    [changed_document, removed_document, expired_document, another_rule, another_model],
)
def test_whatever_an_answer_rests_on_changes_it_is_not_given_again(
    spoken: Assistant, change: Any
) -> None:
    say()
    chat.ask(QUESTION)
    change(spoken)
    assert not chat.ask(QUESTION).message.cached
    assert asked() == 2


def test_another_history_is_another_question(spoken: Assistant) -> None:
    say()
    first = chat.ask(QUESTION)
    later = chat.ask(QUESTION, conversation_id=first.conversation.id)
    assert not later.message.cached


def test_another_setting_is_another_question(spoken: Assistant) -> None:
    say()
    chat.ask(QUESTION)
    assert not chat.ask(QUESTION, options=chat.Options(max_tokens=60)).message.cached


def test_asking_again_asks_the_model_and_its_answer_is_kept_instead(spoken: Assistant) -> None:
    say()
    first = chat.ask(QUESTION)
    for _event in chat.follow(chat.again(first.message.id).answer_id):
        pass
    newest = chat.answer(first.message.id).siblings[-1]
    assert chat.ask(QUESTION).message.cached_from == newest
    assert asked() == 2


@pytest.mark.parametrize(
    "reply",
    [
        fake.Reply(GROUNDED, cut_off=True),
        fake.Reply(GROUNDED, done_reason="length"),
        "O céu é verde e os elefantes voam baixo. [1]",
        fake.Reply(""),
    ],
    ids=["broke off", "too long", "ungrounded", "empty"],
)
def test_what_does_not_stand_is_never_given_again(spoken: Assistant, reply: Any) -> None:
    fake.queue(reply)
    chat.ask(QUESTION)
    say()
    assert not chat.ask(QUESTION).message.cached


def test_what_was_rated_down_is_let_go(spoken: Assistant) -> None:
    say()
    first = chat.ask(QUESTION)
    feedback.give(first.message.id, "down", person_id=None, user_id="1")
    assert not chat.ask(QUESTION).message.cached


def test_what_was_deleted_is_let_go(spoken: Assistant) -> None:
    say()
    chat.remove(chat.ask(QUESTION).conversation.id)
    assert not chat.ask(QUESTION).message.cached


def test_our_own_engine_needs_no_cache(assistant: Assistant) -> None:
    chat.ask(QUESTION)
    assert not chat.ask(QUESTION).message.cached


@pytest.mark.slow
def test_one_call_when_many_ask_the_same_at_once(spoken: Assistant) -> None:
    fake.queue(fake.Reply(GROUNDED, delay=0.3))
    started = [chat.start(QUESTION) for _ in range(10)]
    answers = [list(chat.follow(one.answer_id))[-1].data["answer"] for one in started]
    assert asked() == 1
    assert sum(one.message.cached for one in answers) == 9


@pytest.mark.slow
def test_when_the_one_call_fails_those_who_waited_ask_for_themselves(spoken: Assistant) -> None:
    fake.queue(fake.Reply("Aos", delay=0.3, cut_off=True))
    first = chat.start(QUESTION)
    time.sleep(0.1)
    say()
    rest = [chat.start(QUESTION) for _ in range(3)]
    answers = [list(chat.follow(one.answer_id))[-1].data["answer"] for one in [first, *rest]]
    assert [one.message.outcome for one in answers[1:]] == ["answered"] * 3


def test_one_who_waits_can_be_stopped(spoken: Assistant) -> None:
    fake.queue(fake.Reply(GROUNDED, delay=0.5))
    first, second = chat.start(QUESTION), chat.start(QUESTION)
    time.sleep(0.1)
    chat.stop(second.answer_id)
    assert list(chat.follow(second.answer_id))[-1].data["answer"].message.outcome == "cut_off"
    assert list(chat.follow(first.answer_id))[-1].data["answer"].message.outcome == "answered"


def test_after_its_time_an_answer_is_not_given_again(spoken: Assistant) -> None:
    say()
    chat.ask(QUESTION)
    cache.forget_layers()  # what this process remembers
    with db.writing() as session:
        for row in session.query(CachedAnswer):
            row.expires_at = clock.now() - timedelta(seconds=1)
    assert not chat.ask(QUESTION).message.cached


def test_a_cache_that_is_off_keeps_nothing(
    spoken: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_CACHE_SECONDS", "0")
    config.settings.cache_clear()
    say()
    chat.ask(QUESTION)
    assert not chat.ask(QUESTION).message.cached
    assert chat.cached().entries == 0


def test_what_was_spared_is_counted(spoken: Assistant) -> None:
    say()
    chat.ask(QUESTION)
    chat.ask(QUESTION)
    told = chat.cached(spoken.id)
    assert (told.entries, told.answers, told.hits, told.misses, told.rate) == (1, 1, 1, 1, 0.5)


@pytest.mark.slow
def test_clearing_is_by_assistant(spoken: Assistant) -> None:
    say()
    chat.ask(QUESTION)
    other = assistants.create("Outra")
    assert chat.clear_cache(other.id) == 0
    assert chat.ask(QUESTION).message.cached
    assert chat.clear_cache(spoken.id) == 1
    assert not chat.ask(QUESTION).message.cached


def test_sweeping_forgets_what_has_expired(spoken: Assistant) -> None:
    say()
    answer = chat.ask(QUESTION)
    Rows().put("old", answer.message.id, spoken.id, -1)
    assert chat.sweep_cache() == 1
    assert chat.cached().entries == 1


@given(st.text(max_size=30))
def test_case_blanks_and_closing_marks_make_no_other_question(text: str) -> None:
    assert cache.plain(f"  {text.upper().lower()}  ?") == cache.plain(text.upper().lower())


def test_accents_and_words_make_another_question() -> None:
    assert cache.plain("Posso trocar?") != cache.plain("Posso não trocar?")
    assert cache.plain("avô") != cache.plain("avó")


@pytest.fixture(params=["memory", "rows", "redis"])
def store(request: pytest.FixtureRequest, home: Path) -> Iterator[Store]:
    """Each layer."""
    if request.param == "redis":
        yield Redis(request.getfixturevalue("redis_url"))
    else:
        yield Memory() if request.param == "memory" else Rows()


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """A Redis of our own on a free port."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    assert program, "redis-server is not installed; `make test` installs it"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(
        [program, *options, "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    try:
        _await(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


def _await(port: int) -> None:
    for _try in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("redis did not start")


@pytest.mark.slow
def test_every_layer_keeps_drops_and_clears_alike(store: Store, spoken: Assistant) -> None:
    say()
    answer, other = chat.ask(QUESTION), assistants.create("Outra")
    for name, owner in (("a", spoken.id), ("b", spoken.id), ("c", other.id)):
        store.put(name, answer.message.id, owner, 60)
    store.drop("a")
    assert store.get("a") is None
    assert store.get("b") == answer.message.id
    store.clear(other.id)
    assert (store.get("b"), store.get("c")) == (answer.message.id, None)
    store.clear(None)
    assert store.get("b") is None


@pytest.mark.slow
def test_two_servers_share_what_redis_keeps(
    spoken: Assistant, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_REDIS_URL", redis_url)
    config.settings.cache_clear()
    cache.forget_layers()
    say()
    chat.ask(QUESTION)
    cache.forget_layers()  # as another server that has asked nothing yet
    assert chat.ask(QUESTION).message.cached
    assert asked() == 1


@pytest.mark.slow
def test_a_redis_that_is_not_there_costs_an_answer_nothing(
    spoken: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_REDIS_URL", "redis://127.0.0.1:1/0")
    config.settings.cache_clear()
    cache.forget_layers()
    say()
    assert chat.ask(QUESTION).message.outcome == "answered"
    assert chat.ask(QUESTION).message.outcome == "answered"


def test_a_turn_waits_once(home: Path) -> None:
    async def three() -> list[str]:
        ahead, second, third = cache.Turn(), cache.Turn(), cache.Turn()
        await ahead.take("k")
        order: list[str] = []

        async def wait(turn: cache.Turn, name: str) -> None:
            await turn.take("k")
            order.append(name)

        waiting = [asyncio.create_task(wait(t, n)) for t, n in ((second, "2"), (third, "3"))]
        await asyncio.sleep(0)
        assert order == []
        ahead.end()
        await asyncio.gather(*waiting)
        return order

    assert asyncio.run(three()) == ["2", "3"]
