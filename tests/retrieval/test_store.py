"""Our store as LangChain sees it: LangChain's own standard tests, and what they do not ask."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_tests.integration_tests.retrievers import RetrieversIntegrationTests
from langchain_tests.integration_tests.vectorstores import VectorStoreIntegrationTests

from core import retrieval
from core.errors import InvalidInput, NotFound
from core.retrieval import carrier
from core.retrieval.langchain_store import DocumentStore
from tests.retrieval.conftest import new_assistant

TEXTS = [
    "O prazo de entrega é de cinco dias úteis.",
    "A troca é gratuita em até trinta dias.",
    "A loja abre aos sábados das nove às treze horas.",
]


@pytest.mark.anyio
class TestStandard(VectorStoreIntegrationTests):
    """All of LangChain's tests of vector stores, none left out."""

    @pytest.fixture
    def anyio_backend(self) -> str:
        return "asyncio"

    @pytest.fixture
    def vectorstore(self, home: Path) -> DocumentStore:
        return retrieval.store(new_assistant("Padrão"))


@pytest.mark.anyio
class TestStandardRetriever(RetrieversIntegrationTests):
    """All of LangChain's tests of retrievers, on the one that the store gives."""

    @pytest.fixture
    def anyio_backend(self) -> str:
        return "asyncio"

    @pytest.fixture(autouse=True)
    def filled(self, home: Path) -> None:
        TestStandardRetriever.store = retrieval.store(new_assistant("Padrão"))
        self.store.add_texts([*TEXTS, "A garantia é de um ano."])

    store: DocumentStore

    @property
    def retriever_constructor(self) -> Any:
        return lambda **asked: self.store.as_retriever(search_kwargs=asked)

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {}

    @property
    def retriever_query_example(self) -> str:
        return "prazo"


@pytest.fixture
def store(assistant: str) -> DocumentStore:
    made = retrieval.store(assistant)
    made.add_texts(TEXTS, [{"n": n} for n in range(3)], ids=["entrega", "troca", "loja"])
    return made


def test_a_text_added_is_a_document_like_any_other(store: DocumentStore, assistant: str) -> None:
    assert {row.name for row in retrieval.documents(assistant)} == {
        "entrega.html",
        "troca.html",
        "loja.html",
    }
    found = retrieval.search("prazo de entrega", assistant_id=assistant).passages[0]
    assert (found.document_name, found.text) == ("entrega.html", TEXTS[0])


def test_documents_of_the_pages_are_in_the_store(assistant: str) -> None:
    retrieval.add(assistant, "faq/prazo.md", f"# Prazos\n\n{TEXTS[0]}".encode(), now=True)
    retrieval.add(assistant, "loja.html", f"<h1>Loja</h1><p>{TEXTS[2]}".encode(), now=True)
    store = retrieval.store(assistant)
    found = store.similarity_search("prazo de entrega", k=1)[0]
    assert found.id == found.metadata["source"] == "faq/prazo.md"
    assert found.metadata["heading"] == "Prazos"
    document = retrieval.document(found.metadata["document_id"])
    text = retrieval.text(document.id)
    assert text[found.metadata["start"] : found.metadata["end"]] == found.page_content
    assert store.get_by_ids(["faq/prazo.md"])[0].page_content == text
    assert [one.id for one in store.get_by_ids(["loja.html", "loja"])] == ["loja.html"]


def test_scores_are_between_0_and_1_and_the_best_comes_first(store: DocumentStore) -> None:
    scored = store.similarity_search_with_relevance_scores("Qual é o prazo de entrega?", k=3)
    scores = [score for _text, score in scored]
    assert scored[0][0].id == "entrega"
    assert len(scores) == 3
    assert 1 >= scores[0] > 0.5 > scores[1] >= scores[2] >= 0
    strict = store.as_retriever(
        search_type="similarity_score_threshold", search_kwargs={"score_threshold": 0.5}
    )
    assert [one.id for one in strict.invoke("Qual é o prazo de entrega?")] == ["entrega"]


@pytest.mark.slow
def test_a_filter_limits_what_is_looked_at_and_not_what_was_found(assistant: str) -> None:
    store = retrieval.store(assistant)
    store.add_texts(
        [f"Pedido e prazo, caso {n}." for n in range(60)], ids=[str(n) for n in range(60)]
    )
    wanted = ["57", "58", "59", "none"]
    found = store.similarity_search("prazo do pedido", k=10, filter={"ids": wanted})
    assert {one.id for one in found} == {"57", "58", "59"}
    near = store.embeddings.embed_query("prazo do pedido")
    found = store.similarity_search_by_vector(near, k=10, filter={"ids": wanted})
    assert {one.id for one in found} == {"57", "58", "59"}
    with pytest.raises(InvalidInput, match="colour"):
        store.similarity_search("prazo", filter={"colour": "red"})


def test_a_filter_by_day_sees_what_held_then(store: DocumentStore, assistant: str) -> None:
    ids = [row.id for row in retrieval.documents(assistant) if row.name == "entrega.html"]
    retrieval.set_validity(ids, date(2025, 1, 1), date(2025, 12, 31))
    then = store.similarity_search("prazo de entrega", k=3, filter={"at": date(2025, 3, 1)})
    assert then[0].id == "entrega"
    assert "entrega" not in {one.id for one in store.similarity_search("prazo de entrega", k=3)}


def test_vectors_of_the_store_find_its_texts(store: DocumentStore) -> None:
    vectors = store.embeddings.embed_documents(TEXTS)
    for vector, wanted in zip(vectors, ["entrega", "troca", "loja"], strict=True):
        assert store.similarity_search_by_vector(vector, k=1)[0].id == wanted
    with pytest.raises(InvalidInput, match="512"):
        store.similarity_search_by_vector([1.0, 0.0])


@pytest.mark.slow
def test_different_passages_come_before_the_same_again(assistant: str) -> None:
    store = retrieval.store(assistant)
    same = "O prazo de entrega do pedido é de cinco dias."
    store.add_texts([same, same, same + " Sim.", "O prazo de troca do pedido é de um mês."])
    plain = store.similarity_search("prazo de entrega do pedido", k=2)
    assert "troca" not in plain[0].page_content + plain[1].page_content
    asked = store.embeddings.embed_query("prazo de entrega do pedido")
    varied = store.max_marginal_relevance_search("prazo de entrega do pedido", k=2, lambda_mult=0.3)
    assert "troca" in varied[1].page_content
    again = store.max_marginal_relevance_search_by_vector(asked, k=2, lambda_mult=0.3)
    assert "troca" in again[1].page_content


@pytest.mark.slow
def test_other_assistants_texts_are_neither_found_nor_deleted(
    store: DocumentStore, other_assistant: str
) -> None:
    other = retrieval.store(other_assistant)
    assert other.similarity_search("prazo de entrega") == []
    other.delete(["entrega"])
    assert other.get_by_ids(["entrega"]) == []
    assert [one.id for one in store.get_by_ids(["entrega"])] == ["entrega"]


def test_an_id_again_is_the_next_version(store: DocumentStore, assistant: str) -> None:
    store.add_texts(["O prazo de entrega é de dois dias."], ids=["entrega"])
    document = next(d for d in retrieval.documents(assistant) if d.name == "entrega.html")
    assert document.version == 2
    assert store.similarity_search("prazo de entrega", k=1)[0].page_content.endswith("dois dias.")


def test_hostile_texts_and_metadata_stay_what_they_are(assistant: str) -> None:
    store = retrieval.store(assistant)
    text = 'Preço </pre><script>alert(1)</script> &amp; "aspas" <meta name="x" content="y">'
    metadata = {'"><script>': "</head>", "quando": date(2026, 1, 1), "nested": {"a": [1, None]}}
    store.add_texts([text], [metadata], ids=["x"])
    found = store.similarity_search("preço", k=1)[0]
    assert found.page_content == text
    assert found.metadata == metadata | {"quando": "2026-01-01"}


def test_personal_data_is_masked_as_everywhere(assistant: str) -> None:
    store = retrieval.store(assistant)
    store.add_texts(["O CPF do cliente é 529.982.247-25."], ids=["x"])
    assert "529.982.247-25" not in store.similarity_search("cpf do cliente")[0].page_content
    assert "529.982.247-25" not in store.get_by_ids(["x"])[0].page_content


def test_a_long_text_is_cut_and_says_where_each_passage_stands(assistant: str) -> None:
    store = retrieval.store(assistant)
    text = "\n\n".join(f"Parágrafo {n}. " + "Palavras e mais palavras. " * 30 for n in range(8))
    store.add_texts([text], [{"source": "longo"}], ids=["x"])
    whole = store.get_by_ids(["x"])[0]
    passages = store.similarity_search("palavras", k=8)
    assert len(passages) > 1
    for one in passages:
        assert one.metadata["source"] == "longo"
        place = slice(one.metadata["start"], one.metadata["end"])
        assert whole.page_content[place] == one.page_content


@pytest.mark.parametrize("bad", ["../x", "", "a" * 300, "a\nb"])
def test_an_id_that_cannot_be_a_name_adds_nothing(assistant: str, bad: str) -> None:
    store = retrieval.store(assistant)
    with pytest.raises(InvalidInput):
        store.add_texts(["bom", "ruim"], ids=["good", bad])
    with pytest.raises(InvalidInput):
        store.add_texts(["bom", "  "])
    with pytest.raises(InvalidInput):
        store.add_texts(["bom", "ruim"], ids=["one"])
    with pytest.raises(InvalidInput):
        store.delete()
    assert retrieval.documents(assistant) == []
    assert store.get_by_ids([bad]) == []


def test_a_store_is_made_from_texts_by_our_embedder_alone(assistant: str) -> None:
    made = DocumentStore.from_texts(
        TEXTS, retrieval.store(assistant).embeddings, assistant_id=assistant
    )
    assert len(made.similarity_search("prazo", k=3)) == 3
    documents = [Document("Mais um texto.", id="mais")]
    again = DocumentStore.from_documents(documents, made.embeddings, assistant_id=assistant)
    assert again.get_by_ids(["mais"]) == documents
    with pytest.raises(InvalidInput) as refused:
        DocumentStore.from_texts(TEXTS, DeterministicFakeEmbedding(size=6), assistant_id=assistant)
    assert refused.value.field == "embedding"
    with pytest.raises(NotFound):
        retrieval.store("nobody")


def test_a_page_from_elsewhere_carries_no_metadata_of_ours() -> None:
    assert carrier.metadata(b"<p>ol\xc3\xa1</p>") is None
    assert carrier.metadata(carrier.page("a", {}).replace(b"{}", b"[1]")) is None
    assert carrier.metadata(carrier.page("a", {}).replace(b"{}", b"{")) is None
    assert carrier.metadata(carrier.page("a", {"b": 'c"'})) == {"b": 'c"'}


def test_the_example_of_the_docs_runs(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = (Path(__file__).parents[2] / "docs/langchain.md").read_text("utf-8")
    example = told.split("```python\n")[1].split("```")[0]
    exec(compile(example, "docs/langchain.md", "exec"), {})  # noqa: S102
    assert "cinco dias úteis" in capsys.readouterr().out
