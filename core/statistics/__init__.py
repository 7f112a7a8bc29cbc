"""Figures with their intervals: shares, and how far people agree. Pure; every stage may use them.

In: counts. Out: a figure with its 95 % interval, or None where there is nothing to tell; a table
says in words what a coefficient means.
"""

from core.statistics.kappa import cohen as cohen
from core.statistics.kappa import fleiss as fleiss
from core.statistics.krippendorff import alpha as alpha
from core.statistics.means import Estimated as Estimated
from core.statistics.means import mean as mean
from core.statistics.means import quantile as quantile
from core.statistics.ratings import Coefficient as Coefficient
from core.statistics.ratings import Patterns as Patterns
from core.statistics.ratings import agreeing as agreeing
from core.statistics.ratings import pairs as pairs
from core.statistics.shares import Share as Share
from core.statistics.shares import wilson as wilson
from core.statistics.words import ALPHA_WORDS as ALPHA_WORDS
from core.statistics.words import KAPPA_WORDS as KAPPA_WORDS
from core.statistics.words import TOO_FEW as TOO_FEW
from core.statistics.words import enough as enough
from core.statistics.words import in_words as in_words
