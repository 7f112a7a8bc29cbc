"""Annotation: reviewers judge answers, one item at a time, and no item goes to two at one seat.

Takes conversations; gives claims, judgements and figures. Always holds: a seat at an item is one
person's at a time, whatever dies or stalls; no item has more judgements than seats, nor two of one
person; an acknowledged judgement is stored; a judgement is never changed, a later one supersedes it.
"""

from core.annotation.adjudicating import adjudicate as adjudicate
from core.annotation.agreement import VERDICT as VERDICT
from core.annotation.agreement import Agreement as Agreement
from core.annotation.agreement import OnOne as OnOne
from core.annotation.agreement import agreement as agreement
from core.annotation.calibrating import Compared as Compared
from core.annotation.calibrating import calibrate as calibrate
from core.annotation.calibrating import calibration_items as calibration_items
from core.annotation.calibrating import compared as compared
from core.annotation.claiming import claim as claim
from core.annotation.claiming import claim_next as claim_next
from core.annotation.claiming import heartbeat as heartbeat
from core.annotation.claiming import not_for_me as not_for_me
from core.annotation.claiming import postpone as postpone
from core.annotation.claiming import reconsider as reconsider
from core.annotation.claiming import release as release
from core.annotation.claiming import save_draft as save_draft
from core.annotation.claiming import skip as skip
from core.annotation.disagreements import Disagreement as Disagreement
from core.annotation.disagreements import disagreements as disagreements
from core.annotation.drafts import kept_drafts as kept_drafts
from core.annotation.estimating import Estimate as Estimate
from core.annotation.estimating import estimate as estimate
from core.annotation.exporting import FORMATS as FORMATS
from core.annotation.exporting import export as export
from core.annotation.figures import Figures as Figures
from core.annotation.figures import figures as figures
from core.annotation.figures import is_thin as is_thin
from core.annotation.focus import focus as focus
from core.annotation.items import add as add
from core.annotation.items import item as item
from core.annotation.items import items as items
from core.annotation.items import put as put
from core.annotation.items import remove as remove
from core.annotation.judging import submit as submit
from core.annotation.judging import undo as undo
from core.annotation.previewing import Count as Count
from core.annotation.previewing import Preview as Preview
from core.annotation.previewing import preview as preview
from core.annotation.progress import progress as progress
from core.annotation.queues import change_queue as change_queue
from core.annotation.queues import create_queue as create_queue
from core.annotation.queues import guideline as guideline
from core.annotation.queues import queue as queue
from core.annotation.queues import queues as queues
from core.annotation.queues import remove_queue as remove_queue
from core.annotation.queues import restore_queue as restore_queue
from core.annotation.queues import write_guideline as write_guideline
from core.annotation.refilling import Refilled as Refilled
from core.annotation.refilling import keep_filled as keep_filled
from core.annotation.refilling import refill as refill
from core.annotation.rubric import DEFAULT_RUBRIC as DEFAULT_RUBRIC
from core.annotation.rules import Rule as Rule
from core.annotation.ruling import change_rules as change_rules
from core.annotation.ruling import rules_of as rules_of
from core.annotation.ruling import was_sampled as was_sampled
from core.annotation.similar import Similar as Similar
from core.annotation.similar import similar as similar
from core.annotation.types import FAILURE_TYPES as FAILURE_TYPES
from core.annotation.types import PASSAGE_MARKS as PASSAGE_MARKS
from core.annotation.types import VERDICTS as VERDICTS
from core.annotation.types import Added as Added
from core.annotation.types import Claim as Claim
from core.annotation.types import Judged as Judged
from core.annotation.types import Progress as Progress
from core.annotation.types import Selected as Selected
