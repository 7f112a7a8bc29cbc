"""Metrics: what the loop knows, as figures with their n, their interval and their target.

Takes a ``View`` (a period and what narrows it), gives figures of it: all at once (``overview``), over
time (``series``), by what answers have in common (``breakdown``), and the conversations behind each.
Always holds: no figure is made up, too thin a one is marked, and every one is of the facts as they are
at the moment it is asked for. Heavy libraries are imported by the functions that need them.
"""

from core.metrics.baseline import Held as Held
from core.metrics.baseline import against as against
from core.metrics.behind import Behind as Behind
from core.metrics.behind import Listed as Listed
from core.metrics.behind import behind as behind
from core.metrics.behind import ids_behind as ids_behind
from core.metrics.currency import money as money
from core.metrics.documents import Cited as Cited
from core.metrics.documents import Silent as Silent
from core.metrics.documents import cited as cited
from core.metrics.documents import silent as silent
from core.metrics.figures import BY as BY
from core.metrics.figures import Figure as Figure
from core.metrics.figures import Point as Point
from core.metrics.figures import Row as Row
from core.metrics.figures import breakdown as breakdown
from core.metrics.figures import figure as figure
from core.metrics.figures import measure as measure
from core.metrics.figures import overview as overview
from core.metrics.figures import series as series
from core.metrics.keeping import keep_current as keep_current
from core.metrics.keeping import reading as reading
from core.metrics.marks import MARKS as MARKS
from core.metrics.marks import Mark as Mark
from core.metrics.marks import marks as marks
from core.metrics.measures import MEASURES as MEASURES
from core.metrics.measures import THIN as THIN
from core.metrics.measures import Measure as Measure
from core.metrics.periods import GRAINS as GRAINS
from core.metrics.report.page import report as report
from core.metrics.rhythm import Week as Week
from core.metrics.rhythm import rhythm as rhythm
from core.metrics.targets import MetricsSettings as MetricsSettings
from core.metrics.targets import set_settings as set_settings
from core.metrics.targets import settings as settings
from core.metrics.topics.figures import OTHER as OTHER
from core.metrics.topics.figures import TopicRow as TopicRow
from core.metrics.topics.figures import no_topics as no_topics
from core.metrics.topics.figures import rename_topic as rename_topic
from core.metrics.topics.figures import topics as topics
from core.metrics.topics.keeping import FEWEST_QUESTIONS as FEWEST_QUESTIONS
from core.metrics.topics.keeping import Regrouped as Regrouped
from core.metrics.topics.keeping import keep_grouped as keep_grouped
from core.metrics.topics.keeping import regroup as regroup
from core.metrics.unanswered import Example as Example
from core.metrics.unanswered import UnansweredGroup as UnansweredGroup
from core.metrics.unanswered import unanswered as unanswered
from core.metrics.unanswered import unanswered_rows as unanswered_rows
from core.metrics.views import PERIODS as PERIODS
from core.metrics.views import Span as Span
from core.metrics.views import View as View
from core.metrics.views import span as span
from core.metrics.views import view as view
