"""The words of all chunks in tantivy: BM25 over our own stems, filtered before the search.

In: ``Entry``s (a chunk's number, owner and stems) and terms to look for. Out: the best numbers,
their stems, and exact counts. The folder belongs to one process alone; a commit is
atomic. Tokens are split at white space: folding, stemming and stopwords are ours (core.text).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from core.retrieval.ranking import Candidate, Term
from core.retrieval.scope import Scope

if TYPE_CHECKING:
    import tantivy

SHORTEST, SAME_START, FARTHEST = 5, 3, 4  # letters: of a stem, alike at the start, apart in length
SAMPLED = 30  # chunks whose stems are looked through for one that differs in a letter
COUNTED = 20_000  # stems of scopes whose counts are kept, 5 MB; each is asked for twice a question
WRITER_BYTES = 15_000_000  # tantivy's least; more only helps bulk loads of millions


class Entry(NamedTuple):
    """One chunk as the index keeps it: ``heading`` and ``body`` are stems in order."""

    number: int
    document_id: str
    assistant_id: str
    heading: list[str]
    body: list[str]


class Lexical:
    """A tantivy index in ``folder`` (made if it is not there)."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._tantivy = tantivy
        self._schema = _schema(tantivy)
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._index.config_reader("manual", 0)
        self._searcher = self._index.searcher()
        self._counts: dict[tuple[str, Scope], int] = {}  # until the next change

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def change(self, gone: Iterable[str], entries: Iterable[Entry]) -> None:
        """Take out all chunks of the documents ``gone``, put ``entries`` in; one commit."""
        writer = self._index.writer(heap_size=WRITER_BYTES, num_threads=1)
        for document_id in gone:
            writer.delete_documents_by_term("document", _key(document_id))
        for entry in entries:
            writer.add_document(self._document(entry))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._counts = {}

    def search(self, terms: Sequence[Term], scope: Scope, k: int) -> list[tuple[int, float]]:
        """The ``k`` best chunks of an assistant as (number, BM25), best first."""
        if not terms:
            return []
        should = self._tantivy.Occur.Should
        words = self._tantivy.Query.boolean_query([(should, self._any(term)) for term in terms])
        hits = self._searcher.search(self._among(scope, words), k, count=False).hits
        numbers = self._searcher.fast_field_values("number", [place for _, place in hits])
        return [(int(n), float(s)) for n, (s, _) in zip(numbers, hits, strict=True)]  # type: ignore[arg-type]

    def count(self, stem: str, scope: Scope) -> int:
        """How many chunks of an assistant hold ``stem``; exact, deleted ones left out."""
        counts, asked = self._counts, (stem, scope)  # of now: a change puts others in their place
        known = counts.get(asked)
        if known is None:
            if len(counts) >= COUNTED:
                counts.clear()
            found = self._searcher.search(self._among(scope, self._term(stem)), 1, count=True)
            known = counts[asked] = int(found.count)  # type: ignore[attr-defined]
        return known

    def alike(self, stem: str, scope: Scope) -> set[str]:
        """Stems worth comparing with ``stem``: those that begin like it, and those that differ in
        one letter anywhere and stand in chunks of the assistant."""
        if len(stem) < SHORTEST:
            return set()
        found = {term for term, _ in self._searcher.terms_with_prefix("words", stem[:SAME_START])}
        one_off = self._tantivy.Query.fuzzy_term_query(self._schema, "words", stem, 1, True)
        hits = self._searcher.search(self._among(scope, one_off), SAMPLED, count=False).hits
        half = (len(stem) - 2) // 2  # with one letter wrong, one half or the other is still right
        start, end = stem[:half], stem[-half:]
        for _, place in hits:
            words = self._words(place)
            found.update(one for one in words if one.startswith(start) or one.endswith(end))
        return {one for one in found if abs(len(one) - len(stem)) <= FARTHEST}

    def stored(self, numbers: Sequence[int]) -> list[Candidate]:
        """The stems of chunks by number, in no order; numbers that are not in are passed over."""
        if not numbers:
            return []
        query = self._tantivy.Query.term_set_query(self._schema, "number", list(numbers))
        hits = self._searcher.search(query, len(numbers), count=False).hits
        return [self._candidate(place) for _, place in hits]

    def _words(self, place: "tantivy.DocAddress") -> list[str]:
        return str(self._searcher.doc(place).get_first("words")).split(" ")

    def _candidate(self, place: "tantivy.DocAddress") -> Candidate:
        found = self._searcher.doc(place)
        stems = str(found.get_first("words")).split(" ")
        head = int(found.get_first("head") or 0)
        return Candidate(int(found.get_first("number") or 0), stems[:head], stems[head:])

    def _document(self, entry: Entry) -> "tantivy.Document":
        document = self._tantivy.Document()
        document.add_integer("number", entry.number)
        document.add_integer("head", len(entry.heading))
        document.add_integer("document", _key(entry.document_id))
        document.add_text("assistant", entry.assistant_id)
        document.add_text("words", " ".join(entry.heading + entry.body))
        return document

    def _any(self, term: Term) -> "tantivy.Query":
        query = self._tantivy.Query
        weighted = [(stem, weight * term.times) for stem, weight in term.stems]
        found = [query.boost_query(self._term(stem), weight) for stem, weight in weighted]
        return found[0] if len(found) == 1 else query.disjunction_max_query(found)

    def _term(self, stem: str) -> "tantivy.Query":
        return self._tantivy.Query.term_query(self._schema, "words", stem, "freq")

    def _among(self, scope: Scope, words: "tantivy.Query") -> "tantivy.Query":
        query, occur = self._tantivy.Query, self._tantivy.Occur
        owner = query.term_query(self._schema, "assistant", scope.assistant_id, "basic")
        parts = [(occur.Must, words), (occur.Must, query.const_score_query(owner, 0.0))]
        if scope.only is not None:
            parts.append((occur.Must, query.const_score_query(self._these(scope.only), 0.0)))
        if scope.hidden:
            parts.append((occur.MustNot, self._these(scope.hidden)))
        return query.boolean_query(parts)

    def _these(self, document_ids: Iterable[str]) -> "tantivy.Query":
        keys = [_key(document_id) for document_id in document_ids]
        return self._tantivy.Query.term_set_query(self._schema, "document", keys)


@lru_cache(maxsize=20_000)  # as many as a search may have to leave out, in all of its looks
def _key(document_id: str) -> int:
    """A number for a document: sets of numbers are looked up nine times as fast as sets of texts."""
    return int.from_bytes(blake2b(document_id.encode(), digest_size=8).digest()) >> 1


def _schema(tantivy: Any) -> "tantivy.Schema":
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", stored=True, indexed=True, fast=True)
    builder.add_integer_field("head", stored=True)
    builder.add_integer_field("document", indexed=True)
    builder.add_text_field("assistant", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", stored=True, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
