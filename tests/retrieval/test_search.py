"""What a search must find."""

from core import retrieval

HOURS = "# Horário\n\nO suporte atende de segunda a sexta, das 9h às 18h.\n"
REFUND = "# Reembolso\n\nO reembolso do pedido cai na conta em até 7 dias úteis.\n"


def test_the_right_passage_comes_first(assistant: str) -> None:
    retrieval.add(assistant, "horario.md", HOURS.encode(), now=True)
    retrieval.add(assistant, "reembolso.md", REFUND.encode(), now=True)
    found = retrieval.search("em quantos dias recebo o reembolso?", assistant_id=assistant)
    assert found.passages[0].document_name == "reembolso.md"
