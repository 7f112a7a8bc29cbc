"""Are the models, the machine and the answers well? What operators ask, as verbs for every door.

Takes: names of models and assistants. Gives: ``Finding`` lines and progress as they come, so that a
terminal, a page and a stream can show them live. Always holds: a check that hangs is a failed
finding; what is asked is in nobody's conversations and in no figure.
"""

from core.diagnosis import machine as machine
from core.diagnosis.answering import LEVELS as LEVELS
from core.diagnosis.answering import analysis as analysis
from core.diagnosis.answering import answer as answer
from core.diagnosis.answering import reasoning as reasoning
from core.diagnosis.benchmark import Phase as Phase
from core.diagnosis.benchmark import benchmark as benchmark
from core.diagnosis.comparing import Compared as Compared
from core.diagnosis.comparing import Side as Side
from core.diagnosis.comparing import Summary as Summary
from core.diagnosis.comparing import Totals as Totals
from core.diagnosis.comparing import compare as compare
from core.diagnosis.comparing import summary as summary
from core.diagnosis.connectivity import connectivity as connectivity
from core.diagnosis.disk import Storage as Storage
from core.diagnosis.disk import storage as storage
from core.diagnosis.finding import MARKS as MARKS
from core.diagnosis.finding import PROGRESS as PROGRESS
from core.diagnosis.finding import Finding as Finding
from core.diagnosis.finding import State as State
from core.diagnosis.finding import counted as counted
from core.diagnosis.finding import outcome as outcome
from core.diagnosis.full import full as full
from core.diagnosis.health import Broken as Broken
from core.diagnosis.health import Health as Health
from core.diagnosis.health import Rate as Rate
from core.diagnosis.health import health as health
from core.diagnosis.health import health_here as health_here
from core.diagnosis.inventory import Known as Known
from core.diagnosis.inventory import Use as Use
from core.diagnosis.inventory import models as models
from core.diagnosis.inventory import providers as providers
from core.diagnosis.migration import QUESTIONS as QUESTIONS
from core.diagnosis.migration import Plan as Plan
from core.diagnosis.migration import fetch as fetch
from core.diagnosis.migration import plan as plan
from core.diagnosis.migration import switch as switch
from core.diagnosis.pulling import Pulling as Pulling
from core.diagnosis.pulling import pull as pull
from core.diagnosis.readiness import check as check
from core.diagnosis.setup import Offer as Offer
from core.diagnosis.setup import Proposal as Proposal
from core.diagnosis.setup import follow as follow
from core.diagnosis.setup import propose as propose
from core.diagnosis.setup import prove as prove
from core.diagnosis.stress import stress as stress
from core.diagnosis.undoing import Migration as Migration
from core.diagnosis.undoing import Undone as Undone
from core.diagnosis.undoing import last_migration as last_migration
from core.diagnosis.undoing import undo as undo
