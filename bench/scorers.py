"""What scoring an answer takes: `COUNT=1000 python bench/scorers.py`.

Made-up answers of two sentences with citations, over five passages each, with a full reference and
rules; the passages have been read before, as they are when an answer's groundedness is measured.
Prints processor seconds for all of them, a line for each scorer, and the sum.
"""

import os
import random
import tempfile
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.comparison.types import Example

THINGS = "troca entrega garantia frete reembolso cadastro pedido estoque boleto cupom".split()
DAYS = "segunda terça quarta quinta sexta sábado domingo".split()
PASSAGE = (
    "O prazo de {0} é de {2} dias corridos, com a nota fiscal em mãos. A loja trata de {0} de {3} a "
    "{4}, das 9h às 18h. Para {1} vale o que está escrito no contrato, e o custo é de R$ {2},50."
)
RULES = {
    "max_words": 60,
    "contains": ["dias"],
    "lacks": ["segredo"],
    "matches": r"\d+ dias",
    "language": "pt-BR",
    "no_personal_data": True,
    "cites": True,
}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        os.environ |= {"CICLO_HOME": home}
        _measure(int(os.environ.get("COUNT", "1000")))


def _measure(count: int) -> None:
    from core.chat import groundedness
    from core.comparison import scorers
    from core.db import migrate

    migrate.upgrade()
    examples = [_example(random.Random(seed)) for seed in range(count)]
    here = [one for one in scorers.SCORERS.values() if not one.available()]
    spent = dict.fromkeys((one.name for one in here), 0.0)
    scorers.scored(examples[0])  # what is imported on first use
    for example in examples:
        groundedness.prepare([one.text for one in example.passages], "pt")
        for one in here:
            began = time.process_time()
            one.score(example)
            spent[one.name] += time.process_time() - began
    for name, seconds in sorted(spent.items(), key=lambda line: -line[1]):
        print(f"{name:20} {seconds:6.2f} s")
    print(f"{count} answers, {len(here)} scorers: {sum(spent.values()):.2f} s of processor time")


def _example(rng: random.Random) -> "Example":
    from core.comparison.types import Cited, Example, Reference, Seen

    seen = tuple(
        Seen(
            f"{n}.md",
            PASSAGE.format(*rng.sample(THINGS, 2), rng.randint(2, 90), *rng.sample(DAYS, 2)),
        )
        for n in range(5)
    )
    right = rng.randrange(5)
    first, second, _rest = seen[right].text.split(". ", 2)
    return Example(
        question="Qual é o prazo?",
        text=f"{first}. {second}.",
        marked=f"{first} [{right + 1}]. {second} [{right + 1}].",
        reference=Reference("", (first,), (f"{right}.md",), (first,), True, False, RULES),
        language="pt",
        passages=seen,
        citations=(Cited(f"{right}.md", first),),
        groundedness=1.0,
        first_token_seconds=0.5,
        total_seconds=2.0,
        tokens_in=800,
        tokens_out=60,
        cost=0.001,
    )


if __name__ == "__main__":
    main()
