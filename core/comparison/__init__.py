"""Comparison: two versions answer the same question side by side, and a verdict one can defend.

Takes questions (typed, from a file, from real traffic) and two versions; gives both answers, scores,
votes, and whether a difference is real. Always holds: a verdict never counts a question that one of
the versions learned from; every figure has its interval and its n; where there is too little to
tell, it says so and what is missing.
"""

from core.comparison.asking import ask_both as ask_both
from core.comparison.asking import assistant_of as assistant_of
from core.comparison.asking import comparison as comparison
from core.comparison.asking import comparisons as comparisons
from core.comparison.asking import remove as remove
from core.comparison.asking import stop as stop
from core.comparison.ballots import Ballot as Ballot
from core.comparison.ballots import Stream as Stream
from core.comparison.ballots import ballot as ballot
from core.comparison.ballots import next_vote as next_vote
from core.comparison.ballots import vote_stream as vote_stream
from core.comparison.estimating import Estimate as Estimate
from core.comparison.estimating import Pace as Pace
from core.comparison.estimating import Progress as Progress
from core.comparison.estimating import estimate as estimate
from core.comparison.estimating import progress as progress
from core.comparison.evaluations import STATES as STATES
from core.comparison.evaluations import cancel as cancel
from core.comparison.evaluations import remove_run as remove_run
from core.comparison.evaluations import rename as rename
from core.comparison.evaluations import resume as resume
from core.comparison.evaluations import run as run
from core.comparison.evaluations import runs as runs
from core.comparison.evaluations import start as start
from core.comparison.examples import example as example
from core.comparison.findings import MetricVerdict as MetricVerdict
from core.comparison.findings import Verdict as Verdict
from core.comparison.human import Human as Human
from core.comparison.human import human_scores as human_scores
from core.comparison.judge_asking import Judged as Judged
from core.comparison.judge_estimating import JudgeEstimate as JudgeEstimate
from core.comparison.judge_estimating import estimate_judge as estimate_judge
from core.comparison.judge_figures import Judging as Judging
from core.comparison.judge_figures import judge_opinions as judge_opinions
from core.comparison.judge_figures import judging as judging
from core.comparison.judge_work import JudgedRun as JudgedRun
from core.comparison.judge_work import begin_judge as begin_judge
from core.comparison.judge_work import judge as judge
from core.comparison.judge_work import judge_one as judge_one
from core.comparison.judge_work import keep_judging as keep_judging
from core.comparison.judge_work import stop_judge as stop_judge
from core.comparison.listing import Ended as Ended
from core.comparison.listing import Line as Line
from core.comparison.listing import lines as lines
from core.comparison.listing import restore as restore
from core.comparison.of_chat import Again as Again
from core.comparison.of_chat import of_chat as of_chat
from core.comparison.of_chat import vote_in_chat as vote_in_chat
from core.comparison.pairing import WHY as WHY
from core.comparison.pairing import Choice as Choice
from core.comparison.pairing import Pair as Pair
from core.comparison.pairing import choices as choices
from core.comparison.pairing import pair as pair
from core.comparison.pairing import resolve as resolve
from core.comparison.questions import WHAT as WHAT
from core.comparison.questions import digest as digest
from core.comparison.questions import doubles as doubles
from core.comparison.questions import of_sample as of_sample
from core.comparison.questions import of_traffic as of_traffic
from core.comparison.questions import read_file as read_file
from core.comparison.ranking import Ranked as Ranked
from core.comparison.ranking import ranking as ranking
from core.comparison.ranking import rankings_by_topic as rankings_by_topic
from core.comparison.running import keep_running as keep_running
from core.comparison.running import work as work
from core.comparison.types import SIDES as SIDES
from core.comparison.types import Compared as Compared
from core.comparison.types import Example as Example
from core.comparison.types import Question as Question
from core.comparison.types import Reference as Reference
from core.comparison.types import Shown as Shown
from core.comparison.types import Side as Side
from core.comparison.verdict import verdict as verdict
from core.comparison.votes import Voted as Voted
from core.comparison.votes import explain_vote as explain_vote
from core.comparison.votes import undo_vote as undo_vote
from core.comparison.votes import vote as vote
from core.comparison.votes import withdraw_vote as withdraw_vote
