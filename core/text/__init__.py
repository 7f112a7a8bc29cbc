"""Everything about words: pure functions, no storage, no model.

In: a text in Portuguese or English. Out: its folded form, words, stems, sentences and language.
What always holds: the same text gives the same result in every process (index and question meet
in it), spans are character offsets into the text given, nothing is fetched or learned.
Folding comes before stemming, so typing without accents costs nothing.
"""

from core.text.alike import alike
from core.text.days import day_named, without_day
from core.text.everyday import importance
from core.text.folding import fold
from core.text.kinds import kind_asked, names, shows
from core.text.language import language_of
from core.text.plain import plain
from core.text.senses import SAME_SENSE, same_sense
from core.text.sentences import Span, is_heading, sentences
from core.text.words import Word, is_stopword, placed, stem, stems, telling, words

__all__ = [
    "SAME_SENSE",
    "Span",
    "Word",
    "alike",
    "day_named",
    "fold",
    "importance",
    "is_heading",
    "is_stopword",
    "kind_asked",
    "language_of",
    "names",
    "placed",
    "plain",
    "same_sense",
    "sentences",
    "shows",
    "stem",
    "stems",
    "telling",
    "without_day",
    "words",
]
