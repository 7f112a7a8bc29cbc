"""What well-known models want to read before a question and before a passage.

In: a model's name, as any provider writes it. Out: (query prefix, document prefix), both "" for a
model that wants none or is not known. Each pair is what the model's own card asks for; without it
the same model finds less, and nothing says so. A person may set others.
"""

import re

INSTRUCTION = (
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"
)
REPRESENT = "Represent this sentence for searching relevant passages: "
PREFIXES: tuple[tuple[str, tuple[str, str]], ...] = (  # the first that fits
    (r"e5-.*instruct", (f"{INSTRUCTION} ", "")),
    (r"\be5-", ("query: ", "passage: ")),
    (r"nomic-embed|modernbert-embed", ("search_query: ", "search_document: ")),
    (r"embedding-?gemma", ("task: search result | query: ", "title: none | text: ")),
    (r"qwen3-embedding", (INSTRUCTION, "")),
    (r"arctic-embed.*(2|v2)", ("query: ", "")),
    (r"arctic-embed|mxbai-embed-large", (REPRESENT, "")),
    (r"bge-(small|base|large)-en", (REPRESENT, "")),
)


def of(model: str) -> tuple[str, str]:
    """(query prefix, document prefix) that the model called ``model`` was trained with."""
    found = (pair for name, pair in PREFIXES if re.search(name, model, re.IGNORECASE))
    return next(found, ("", ""))
