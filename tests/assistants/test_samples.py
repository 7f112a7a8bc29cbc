"""The sample assistants that come with Ciclo."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core import assistants, retrieval
from core.errors import NotFound
from tests.conftest import ENGINES


def test_each_sample_has_what_it_promises(home: Path) -> None:
    found = assistants.samples()
    assert {(s.slug, s.language) for s in found} >= {
        ("suporte", "pt-BR"),
        ("livraria", "pt-BR"),
        ("bookstore", "en"),
    }
    assert all(s.documents >= 4 and s.questions >= 60 for s in found)


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["suporte", "livraria", "bookstore"])
def test_every_test_question_points_at_words_of_a_document(home: Path, slug: str) -> None:
    loaded = assistants.load_sample(slug)
    texts = {d.name: retrieval.text(d.id) for d in retrieval.documents(loaded.id)}
    answerable = [q for q in assistants.questions(slug) if q["kind"] != "unanswerable"]
    assert len(answerable) >= 50
    assert [q["id"] for q in answerable if q["quote"] not in texts[q["document"]]] == []


@pytest.mark.slow
def test_a_loaded_sample_is_marked_and_can_be_searched(home: Path) -> None:
    loaded = assistants.load_sample("suporte")
    assert loaded.sample == "suporte"
    assert all(d.is_sample and d.state == "ready" for d in retrieval.documents(loaded.id))
    assert retrieval.search(loaded.starters[0], assistant_id=loaded.id).passages


@pytest.mark.slow
def test_loading_twice_is_the_same_assistant(home: Path) -> None:
    first = assistants.load_sample("suporte")
    again = assistants.load_sample("suporte")
    assert again.id == first.id
    assert len(retrieval.documents(first.id)) == len({d.id for d in retrieval.documents()})


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_loading_at_once_is_one_assistant(home: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        loaded = list(threads.map(lambda _n: assistants.load_sample("bookstore").id, range(4)))
    assert len(set(loaded)) == 1
    assert len(assistants.all()) == 1


@pytest.mark.slow
def test_a_sample_whose_name_is_taken_gets_a_mark(home: Path) -> None:
    name = assistants.samples()[0].name
    assistants.create(name)
    loaded = assistants.load_sample(assistants.samples()[0].slug)
    assert loaded.name.startswith(name)
    assert loaded.name != name


@pytest.mark.slow
def test_a_persons_own_document_is_not_overwritten_by_loading(home: Path) -> None:
    loaded = assistants.load_sample("suporte")
    name = retrieval.documents(loaded.id)[0].name
    retrieval.add(loaded.id, name, b"My own words.", now=True)
    assistants.load_sample("suporte")
    mine = next(d for d in retrieval.documents(loaded.id) if d.name == name)
    assert retrieval.content(mine.id) == b"My own words."


@pytest.mark.slow
def test_an_edited_sample_stays_edited(home: Path) -> None:
    loaded = assistants.load_sample("suporte")
    assistants.update(loaded.id, persona="Outra.")
    assert assistants.load_sample("suporte").persona == "Outra."


@pytest.mark.slow
def test_a_sample_is_found_by_its_short_name(home: Path) -> None:
    loaded = assistants.load_sample("suporte")
    assert assistants.by_name_or_id("suporte").id == loaded.id


@pytest.mark.parametrize("slug", ["", "nothing", "../samples/suporte", "suporte/documents"])
def test_what_is_no_sample_is_not_found(home: Path, slug: str) -> None:
    with pytest.raises(NotFound):
        assistants.load_sample(slug)


@pytest.mark.slow
def test_a_sample_takes_the_place_of_a_default_without_documents(home: Path) -> None:
    empty = assistants.create("Meus documentos")
    loaded = assistants.load_sample("suporte")
    assert (loaded.is_default, assistants.get(empty.id).is_default) == (True, False)


@pytest.mark.slow
def test_a_default_with_documents_stays(home: Path) -> None:
    own = assistants.create("Meus documentos")
    retrieval.add(own.id, "a.md", b"# Regras\n\nO turno vai das 9h ao meio-dia.", now=True)
    assistants.load_sample("suporte")
    assert assistants.get(own.id).is_default
