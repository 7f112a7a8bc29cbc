"""Everyday words: they carry a little meaning, but a question is seldom about them.

"Qual é o melhor jeito de ler Os Sertões?" is about reading Os Sertões; that a document has no
"jeito" says nothing. They are told by their stems, so one form of a verb stands for all.
"""

from functools import cache

from core.text.words import stem

LITTLE = 0.35  # what an everyday word tells, against 1 for any other
NAME = 1.5  # a name or a number is what a question is about

_PORTUGUESE = """
acabar acaso achar acho aconselhar acontecer acreditar adiantar agora ajuda ajudar alem algo
alguem algum alguma alo alto amanha andar ando antes aparecer apos aqui arranjar assunto
atualmente baixo basta bastante beleza bem blz boa bom botar cara caso ce cedo certo ces chamar
chegar claro coisa colocar comecar conhecer conseguir considerar consigo contar costumar dar
deixar demais dentro depender descobrir detalhe diferente dificil digo diz durante duvida embora
encontrar enquanto entender errado escolher especifico esperar esquecer exatamente exemplo existe
existir explicar facil falar fato ficar fim fizer forma funciona funcionar gente geral geralmente
gostar grande hoje hora
ideia igual importante indicar informacao inteiro ir jeito junto lembrar levar
logo longe lugar maior mal mandar maneira medida meio melhor menor menos mesmo modo momento
mostrar motivo nada ne nenhum nenhuma ninguem normalmente nosso novo nunca obrigada obrigado
ocorrer olhar ontem oque outra outro parecer passar peco pedir pegar pelamor pensar pequeno
pergunta perguntar perto pessoa pfv pior pls pro ponho porque possivel pouco precisar preciso prefere
preferir prefiro primeiro principal problema procurar proprio proximo qualquer quantia quantidade
quase quer questao quiser razao real realmente recomendar referir relacao resolver responder
resposta rolar ruim sair seguinte segundo sempre servir significar sigo simples sirvo
somente sugerir sugestao ta tal talvez tamo tava tchau tentar terminar tipo tirar to tornar trago
trazer usar uso utilizar vale valer valeu varios vcs vejo velho venho ver verdade vez vezes vir
virar voceis voltar vou
"""

_ENGLISH = """
able according actually advise allow already always another answer anybody anyone anything anyway
ask available away back bad become begin believe best better big bit bring call care case certain
choose come common consider couple describe detail different difficult easy else end enough
especially even ever every everything exactly example explain fact far few find first follow fun
general generally get give go going good got great guy guys happen happens hard hello help hey hi
high idea important include indicate instead keep kind know known large last late least leave less
let like little long look lot love low main make many matter maybe mean means mention mind much
need never new next nothing now often okay old one ones part particular people person place point
possible possibly problem provide put question quite rather real really reason recommend refer
regard relate remember right run said say see seem set several short show simple since situation
small someone something soon sort specific start stay still stop suggest sure take talk tell term
thank thanks thing think time today together tomorrow true try turn type understand use used
useful usual usually various want way well work wrong yesterday yet
"""


def importance(stem_: str, is_name: bool = False) -> float:
    """How much a stem of a question tells: LITTLE for everyday words, 1 for others, NAME for names."""
    if is_name:
        return NAME
    return LITTLE if stem_ in _stems() else 1.0


@cache
def _stems() -> frozenset[str]:
    listed = (("pt", _PORTUGUESE), ("en", _ENGLISH))
    return frozenset(stem(word, language) for language, text in listed for word in text.split())
