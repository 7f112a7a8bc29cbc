"""What words have to do with each other: synonyms, opposites, words that claim nothing.

In: a folded word and its language. Out: the idea it stands for, with a sign: "fechado" is the idea
of "aberto" with a minus, "reembolso" and "estorno" are one idea. Always holds: a word of no list
is its own stem. The lists hold the everyday words of services, shops, offices and books in which
an answer rewords a document; they judge wording, and know nothing of the world. Pure.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from core.text import is_stopword, stem


class Idea(NamedTuple):
    """What a word stands for: ``name`` (empty: grammar) and ``sign`` (1, -1, or 0 for either).

    That a passage lacks a ``light`` one tells nothing. Where ``denies``, a minus denies something
    ("forbidden"); else it is the other end of a scale ("last").
    """

    name: str
    sign: int = 1
    light: bool = False
    denies: bool = True


@lru_cache(maxsize=20_000)
def idea(word: str, language: str) -> Idea:
    """The idea that a folded word of ``language`` ("pt" or "en") stands for."""
    exact = _forms(language).get(word)
    if exact:
        return exact
    opposite = _OPPOSITE[language].fullmatch(word)
    if opposite:
        plain = idea(opposite[1], language)
        return plain._replace(sign=-plain.sign)
    root = stem(_IRREGULAR.get(word, word) if language == "en" else word, language)
    known = _groups(language).get(root)
    if known:
        return known
    return Idea("") if is_stopword(word, language) or len(word) < 2 else Idea(root)


@cache
def _groups(language: str) -> dict[str, Idea]:
    """The idea of each listed stem; the first line that names a stem has it."""
    found: dict[str, Idea] = {}
    for line in _GROUPS[language].strip().splitlines():
        light, denies = "~" in line, "!" in line or "|" not in line
        sides = line.strip("~! ").split("|")
        name = stem(sides[0].split()[0], language)
        for sign, words in zip((1, -1), sides, strict=False):
            for word in words.split():
                found.setdefault(stem(word, language), Idea(name, sign, light, denies))
    for word in _LIGHT[language].split():
        found.setdefault(stem(word, language), Idea(""))
    return found


@cache
def _forms(language: str) -> dict[str, Idea]:
    """Forms whose stem says too much: what closes at six is not closed."""
    found: dict[str, Idea] = {}
    for line in _FORMS[language].strip().splitlines():
        name, sign, *words = line.split()
        found |= {word: Idea(stem(name, language), int(sign)) for word in words}
    return found


# One idea a line; behind the bar stands its opposite. "~": light, "!": the opposite denies.
_GROUPS = {
    "pt": """
!~precisar preciso necessario necessidade exigir exige exigencia obrigatorio obrigar requerer requer dever | opcional dispensavel facultativo dispensar dispensa
!~permitir permitido permissao poder autorizar possivel conseguir liberar liberado aceitar aceito | proibir proibido proibicao vedado impedir impedido recusar recusa rejeitar bloquear bloqueio impossivel vetado
~antes anterior previo previamente | depois apos posterior posteriormente
~maximo maxima | minimo minima
~acima superior exceder ultrapassar passar | abaixo inferior
!~direito ganhar | perder perda
!custo custar pagar pago cobrar cobranca preco tarifa taxa valor dinheiro quantia montante | gratuito gratis gratuidade isento isencao
!abrir abre aberto abertura funcionar funcionamento atender atendimento operar expediente disponivel | indisponivel
!incluir incluso inclusao contemplar cobrir coberto cobertura abranger | excluir exclusao separado avulso
!valido valer vale vigente vigorar vigencia validade | invalido vencido expirado
!ativar ativo habilitar | desativar desabilitar inativo
conectar conexao | desconectar
publico | privado particular
automatico automaticamente | manual manualmente
interno | externo
aumentar aumento crescer subir | diminuir reduzir reducao cair queda
primeiro | ultimo
maior | menor
melhor | pior
rapido | lento devagar
presencial presencialmente | remoto online virtual distancia
completo integral total totalmente | parcial parcialmente incompleto
temporario provisorio | permanente definitivo
nacional | internacional estrangeiro exterior
seguro | inseguro
igual mesmo | diferente distinto
reembolso reembolsar devolucao devolver estorno estornar restituicao restituir ressarcir voltar retornar
prazo tempo duracao durar demorar demora
produto item mercadoria artigo
usar utilizar uso utilizacao
enviar mandar remeter envio encaminhar remessa despachar
pedir solicitar pedido solicitacao requisitar requisicao
telefone telefonar ligacao fone celular
cadastro cadastrar registro registrar inscricao inscrever matricula matricular
cliente consumidor comprador assinante usuario
colaborador funcionario empregado trabalhador
comprar compra adquirir aquisicao
publicar lancar lancamento publicacao
escrever escritor escrita autor autoria redigir
nascer nascimento
morrer falecer morte falecimento
restaurar recuperar restauracao recuperacao
dividir parcelar fracionar parcela divisao
cifrar criptografar criptografia encriptar
acessar acesso entrar
responder resposta
atraso atrasar
animal bicho pet
avisar aviso notificar notificacao comunicar informar
aluno estudante
professor docente
carro veiculo automovel
casa residencia domicilio lar
erro falha problema
livro obra titulo exemplar
empresa companhia firma
loja livraria estabelecimento
morador residente condomino
mudar alterar alteracao mudanca modificar
trocar troca substituir substituicao
apagar deletar remover eliminar
mostrar exibir apresentar
ver consultar visualizar conferir verificar checar consulta
escolher selecionar
guardar armazenar manter conservar
retirar buscar pegar coletar coleta
ajuda suporte assistencia apoio
comecar iniciar inicio inicial
terminar encerrar acabar fim final
aplicativo app aplicacao
site pagina portal
emprestar emprestimo
renovar renovacao
mensal mensalmente mes
anual anualmente ano
semanal semanalmente semana
diario diariamente diaria dia
presidir presidente presidencia
casar casamento
eleger eleicao
limite limitar limitado
quarto aposento dormitorio
rua avenida endereco
filho crianca
marcar agendar agendamento
cancelar cancelamento desistir desistencia
""",
    "en": """
!~need require requirement necessary must mandatory obligatory compulsory | optional voluntary waive
!~allow permit can may able possible accept authorise authorize | forbid forbidden prohibit prohibition ban refuse refusal reject deny block impossible unable disallow
~before prior ahead advance earlier | after afterwards later following
~maximum max most | minimum least
~above over exceed beyond | below under
~more | less fewer
!cost price pay paid fee charge expense | free complimentary gratis
!open available operate | unavailable
!include inclusive cover coverage contain | exclude exclusion
!valid effective | invalid expired void
!active activate enable | inactive deactivate disable
public | private
automatic automatically | manual manually
internal | external
increase rise grow growth | decrease reduce reduction drop fall decline
first | last
large big bulky | small tiny
fast quick quickly | slow slowly
temporary temporarily | permanent permanently
full complete entire | partial partially incomplete
!legal | illegal
safe | unsafe
same | different
early | late
order purchase buy bought
parcel package shipment
ship send deliver dispatch delivery
employee staff worker colleague
photo photograph photography picture
wipe reset erase delete clear remove
refund reimburse reimbursement repay
begin start
end finish stop
hold pause suspend
introduce add bring
collect collection pickup pick
submit file lodge
abroad overseas
repair fix mend
lend loan borrow
child kid children
journey trip travel
theft steal stolen
loss lose lost
damage break broken
write author written writer wrote
publish release
die death dead
birth born
marry marriage
company firm business employer
shop store
customer client buyer
help support assist assistance
change modify alter edit
show display
choose select
reply respond answer response
warn notify notification inform alert
ask request
car vehicle
home house residence
error failure fault problem
teacher instructor
student pupil
year annual annually yearly
month monthly
week weekly
day daily
phone telephone
register registration enrol enroll signup
cancel cancellation
renew renewal
animal pet
limit cap restrict restriction
use utilize usage
receive obtain
entry admission entrance enter access
lead head run
keep retain
guest visitor
teach tutor
establish set
""",
}
_FORMS = {
    "pt": """
abrir -1 fechado fechada fechados fechadas
abrir 0 fecha fecham fechamos fechar fecharemos
pagamento 1 pagamento pagamentos
""",
    "en": """
open -1 closed shut
open 0 close closes closing
payment 1 payment payments
""",
}
# Words that tell one thing of a kind from the others, as names do: no other can stand for them.
TELLING = {
    "pt": frozenset(
        """diario diaria semanal quinzenal mensal trimestral semestral anual bienal
        ingles espanhol frances alemao italiano portugues latim mandarim japones
        branco branca preto preta azul vermelho vermelha verde amarelo amarela laranja roxo roxa
        pix boleto cartao cheque transferencia norte sul leste oeste almoco jantar
        mestrado doutorado graduacao""".split()
    ),
    "en": frozenset(
        """daily weekly fortnightly monthly quarterly yearly annual annually biennial
        white black blue red green yellow orange purple brown
        cash cheque card invoice north south east west breakfast lunch dinner
        undergraduate graduate doctoral""".split()
    ),
}
_OPPOSITE = {
    "pt": re.compile(r"i[mn](\w{4,}(?:vel|veis|ficientes?|validos?|validas?))"),
    "en": re.compile(r"un((?!der)\w{2,}(?:able|ible|ted|ned|sed|ful|paid|safe|likely))"),
}
_IRREGULAR = {
    form: verb
    for verb, forms in (
        line.strip().split(":")
        for line in """sell:sold;resell:resold;send:sent;leave:left;hold:held;build:built;meet:met
        run:ran;teach:taught;think:thought;drive:drove driven;speak:spoke spoken;choose:chose chosen
        give:gave given;grow:grew grown;know:knew known;win:won;begin:began begun;bring:brought
        catch:caught;sleep:slept;spend:spent;lend:lent;find:found;make:made;take:took taken
        rise:rose risen;fall:fell fallen;fly:flew flown;draw:drew drawn;show:shown;see:saw seen
        eat:ate eaten;keep:kept;feed:fed;lead:led;get:got gotten;go:went gone;sing:sang sung
        wear:wore worn;swim:swam swum;throw:threw thrown;understand:understood;bear:born bore
        rebuild:rebuilt;overcome:overcame;become:became;withdraw:withdrew withdrawn""".replace(
            "\n", ";"
        ).split(";")
    )
    for form in forms.split()
}
# What is said about the saying, or carries no claim of its own.
_LIGHT = {
    "pt": """
dar ficar realizar efetuar ocorrer acontecer existir possuir oferecer contar cerca aproximadamente
mais menos apenas somente tambem meio atraves partir caso forma modo maneira tipo segundo conforme
acordo documento documentos trecho trechos informacao informacoes seguinte alem portanto logo bem
total atualmente normalmente geralmente costumar especifico proprio respectivo determinado cada
outro demais principal varios diversos certo simples bastar apos durante desde contanto condicao
momento vez vezes sim visto considerar tornar levar media sair vir coisa pessoa quem alguem explicar
indicar afirmar dizer mencionar destacar poder precisar dispor disposicao servir tratar referir
especialmente principalmente inclusive ate sempre antecedencia dentro sao sido deste desta destes
destas neste nesta desse dessa desses dessas nesse nessa cujo cuja daquele daquela contra havera
podera devera estara sera
""",
    "en": """
take get give make go come put let say tell mention state note accord document passage information
provide offer about around approximately roughly also only just simply usually normally typically
generally currently way case kind type several various other another certain regardless along
together well either both per each every within during upon via total right directly particular
specific up time times thing people person someone anyone own happen occur become consider regard
known call mean once long often even still yet take took done carry
""",
}
