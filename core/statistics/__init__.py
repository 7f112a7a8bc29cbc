"""Figures with their intervals: shares, means, agreement, differences, rankings. Pure; every stage may
use them.

In: counts, scores, votes. Out: a figure with its 95 % interval, or None where there is nothing to
tell; a table says in words what a coefficient means.
"""

from core.statistics.bradley_terry import Game as Game
from core.statistics.bradley_terry import Interval as Interval
from core.statistics.bradley_terry import Meeting as Meeting
from core.statistics.bradley_terry import Ranking as Ranking
from core.statistics.bradley_terry import Standing as Standing
from core.statistics.bradley_terry import bradley_terry as bradley_terry
from core.statistics.corrections import holm as holm
from core.statistics.kappa import cohen as cohen
from core.statistics.kappa import fleiss as fleiss
from core.statistics.krippendorff import alpha as alpha
from core.statistics.means import Estimated as Estimated
from core.statistics.means import mean as mean
from core.statistics.means import quantile as quantile
from core.statistics.paired import Difference as Difference
from core.statistics.paired import difference as difference
from core.statistics.paired import mcnemar as mcnemar
from core.statistics.paired import shares_apart as shares_apart
from core.statistics.power import needed as needed
from core.statistics.power import needed_pairs as needed_pairs
from core.statistics.ratings import Coefficient as Coefficient
from core.statistics.ratings import Patterns as Patterns
from core.statistics.ratings import agreeing as agreeing
from core.statistics.ratings import pairs as pairs
from core.statistics.sequential import sequence as sequence
from core.statistics.sequential import sign_p as sign_p
from core.statistics.shares import Share as Share
from core.statistics.shares import wilson as wilson
from core.statistics.skewed import abc as abc
from core.statistics.words import ALPHA_WORDS as ALPHA_WORDS
from core.statistics.words import KAPPA_WORDS as KAPPA_WORDS
from core.statistics.words import TOO_FEW as TOO_FEW
from core.statistics.words import enough as enough
from core.statistics.words import in_words as in_words
