"""What the words beside a number say it is: the label before it ("CPF: ..."), else just after it.

In: a plain reading, numbers of it in order. Out: a label, one of the kinds, "taxpayer" (a CPF or a
CNPJ, not said which), "other" (an order, an invoice, a version: nothing personal) or "".
The nearest label wins. One that already had its number, or that stands in another sentence, says
nothing; a number listed behind another ("CPFs: a, b and c") takes over that one's label.
"""

import re

_WORDS = {
    "cpf": r"cpfs?|c\.p\.f|cic|cadastro de pessoas? fisicas?",
    "taxpayer": r"cpf ?(?:/|e|ou|or|and) ?cnpj|cnpj ?(?:/|e|ou|or|and) ?cpf|tax(?:payer)? id"
    r"|contribuinte|documentos?|doc",
    "cnpj": r"cnpjs?|cgc",
    "card": r"cart(?:ao|oes)|(?:credit |debit )?cards?|credito|debito|visa|master(?:card)?|amex"
    r"|american express|elo|hipercard|diners",
    "phone": r"tel(?:efones?)?|fone|cel(?:ular(?:es)?)?|whats(?:app)?|zap|wpp|wa\.me|sms|telegram"
    r"|lig(?:ar?|ue|uei|uem|acao|ando|o)|chama(?:r|da)?|chame|disque|sac|fax|plantao|central|atendimento|recados?|contatos?"
    r"|(?:cell ?|mobile ?)?phones?|mobile|cell|call(?:ed)?|dial|contact",
    "cep": r"ceps?|codigo postal|zip(?: ?code)?|post(?:al )?code",
    "rg": r"rgs?|r\.g|(?:carteira|cedula) de identidade|identidade|registro geral",
    "pix": r"pix|chave aleatoria",
    "ip": r"ips?|ipv[46]",
    "other": r"pedidos?|protocolos?|isbn|nf-?e?|notas?|danfe|chave de acesso|boletos?|codigos?|cod"
    r"|codes?|sku|ean|gtin|produtos?|products?|lotes?|batch|series?|serial|rastre\w*|tracking"
    r"|tickets?|chamados?|processos?|contratos?|contracts?|matriculas?|orders?|invoices?|faturas?"
    r"|vers(?:ao|oes)|versions?|releases?|builds?|firmware|clausulas?|sec(?:ao|oes)|sections?"
    r"|ite(?:m|ns)|artigos?|referencias?|references?|ref|timestamp|request|trace|id|u?uid|imei"
    r"|chassi|renavam|nis|pis|pasep|nit|cnh|contas?|agencia|accounts?|transac(?:ao|oes)"
    r"|transactions?|nsu|autorizacao|inscric(?:ao|oes) estadua(?:l|is)|patrimonio|modelos?|models?"
    r"|parts?|medidas?|tabelas?|tables?|figuras?|graficos?|paginas?|pages?|cupo(?:m|ns)|vouchers?"
    r"|campanhas?|campaigns?|anuncios?|listings?|voos?|r\$|us\$|\$|https?(?=://\S*$)",
}
_LABEL = re.compile(
    "(?<![a-z])(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items())
    + ")(?![a-z])"
)
# Beyond these a label says nothing: a number (it had its own), a mask, the end of a sentence (not
# the point of a short form such as "tel."), a blank line.
_BREAK = re.compile(r"\d{3}|\[[a-z]+\]|[!?;]\s|[a-z]{5}\)?\.\s|\n[ \t]*\n")
_BEFORE, _AFTER, _BETWEEN = 48, 32, 8  # characters looked at
_LEAD_IN = re.compile(
    r"[\s,(-]{0,3}(?:(?:e|is|sao|are|como|as|of|do|da|meu|minha|o|a|my|the|number|numero)\s+){0,4}"
)
_ANOTHER = re.compile(r"\s*(?:[:=#]|n[o.]\b|(?:e|is)\s|[a-z ]{0,12}\d)")
_LISTED = re.compile(r"[\s,;/|]*(?:(?:e|ou|and|or)\s+)?")
# An "other" label holds for a list of such numbers; one written in a form of its own may be found
# in spite of it, and then the next one is not covered either.
_PLAIN = re.compile(r"\d+(?:-\d+)?")


class Nearby:
    """The labels of one reading; ask in the order of the text, for lists to be understood."""

    def __init__(self, plain: str) -> None:
        self._plain = plain
        self._end, self._label = 0, ""

    def label(self, start: int, end: int) -> str:
        """What the number at ``plain[start:end]`` is called."""
        found = self._before(start) or self._listed(start) or self._behind(end)
        doubtful = found == "other" and not _PLAIN.fullmatch(self._plain, start, end)
        self._end, self._label = end, "" if doubtful else found
        return found

    def _before(self, start: int) -> str:
        begin = max(0, start - _BEFORE, self._end)  # the last number had what stands before it
        for each in _BREAK.finditer(self._plain, begin, start):
            begin = each.end()
        label = ""
        for each in _LABEL.finditer(self._plain, begin, start):
            label = each.lastgroup or ""
        return label

    def _listed(self, start: int) -> str:
        near = 0 < self._end <= start <= self._end + _BETWEEN
        return self._label if near and _LISTED.fullmatch(self._plain, self._end, start) else ""

    def _behind(self, end: int) -> str:
        window = self._plain[end : end + _AFTER].split("\n")[0]
        lead = _LEAD_IN.match(window)
        found = _LABEL.match(window, lead.end() if lead else 0)
        if found is None or _ANOTHER.match(window, found.end()):
            return ""  # none, or the label of the next number
        return found.lastgroup or ""
