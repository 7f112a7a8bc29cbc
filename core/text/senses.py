"""Words that ask for the same thing: whoever asks "quanto custa?" is answered by a price.

A short list of what people ask a shop, a team or a service about. It is no thesaurus: each line is
one thing asked for, and a word that often means something else is left out. In: a stem. Out: the
stems that a document may have in its place.
"""

from functools import cache

from core.text.words import stem

SAME_SENSE = 0.8  # what a word of the same sense counts, against 1 for the word itself

_SENSES = {
    "pt": """
custar custo preco valor cobrar mensalidade tarifa
horario abrir abre abrem aberto fechar funcionamento
telefone fone ligar whatsapp zap
email correio
entregar entrega frete enviar envio despachar
gratis gratuito graca gratuidade
cancelar cancelamento desistir desistencia encerrar
devolver devolucao reembolso reembolsar estorno ressarcimento
trocar troca substituir
pagar pagamento
quebrado defeito danificado estragado rasgado avaria dano
endereco rua localizacao localizado fica
comprar compra adquirir
consertar conserto reparar reparo
erro falha problema pane
caiu cair queda indisponivel indisponibilidade parou
sumir desaparecer aparecer
testar teste experimentar
contratar contrato assinar assinatura
desconto abatimento
demorar prazo demora
limpar limpeza lavar
responsavel cuidar encarregado
ferias recesso
comecar inicio iniciar
terminar fim termino
curto rapido breve
""",
    "en": """
cost price charge fee
hour open opening close closed
phone telephone call whatsapp
address street located location
ship shipping deliver delivery
free gratis
cancel cancellation withdraw
return refund exchange
pay payment
broken damaged defective faulty
buy purchase
repair fix
error failure fault problem
start begin
finish end
clean cleaning
test trial
short brief
""",
}


def same_sense(stem_: str) -> tuple[str, ...]:
    """The stems that ask for the same as ``stem_``; none for most words."""
    return _senses().get(stem_, ())


@cache
def _senses() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for language, text in _SENSES.items():
        for line in filter(None, text.splitlines()):
            stems = tuple(dict.fromkeys(stem(word, language) for word in line.split()))
            for one in stems:
                others = found.get(one, ()) + tuple(other for other in stems if other != one)
                found[one] = tuple(dict.fromkeys(others))
    return found
