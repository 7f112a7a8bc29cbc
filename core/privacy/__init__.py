"""Personal data found, counted and masked: pure functions over one text.

In: a text (of a document, a message, a log line, an example) and the kinds wanted. Out: findings
with offsets into that text, how many there are, or the text with placeholders such as "[CPF]".
What always holds: findings are in order and never overlap, the same text gives the same findings,
time grows with the length of the text alone, nothing is fetched, and no repr shows what was found.
Found are CPF, cards, CNPJ, telephone, e-mail, CEP, RG and random Pix keys (both behind their label)
and IP addresses. Not found: names, streets, dates of birth, PIS, CNH and other documents.
"""

from core.privacy.finding import (
    BUSINESS,
    KINDS,
    MASKED_BY_DEFAULT,
    PLACEHOLDERS,
    Finding,
    Masked,
    count,
    find,
    mask,
)

__all__ = [
    "BUSINESS",
    "KINDS",
    "MASKED_BY_DEFAULT",
    "PLACEHOLDERS",
    "Finding",
    "Masked",
    "count",
    "find",
    "mask",
]
