"""Feedback: what the asker says of an answer, and of a conversation as a whole.

Takes an answer and a thumb, a reaction or a named problem; a conversation and stars or "solved?".
Gives rows, lists, counts and exports of them. Always holds: one active rating per person (or
outside user) and answer, however often a click is repeated; what was changed or withdrawn stays as
history.
"""

from core.feedback.counting import BY as BY
from core.feedback.counting import Tally as Tally
from core.feedback.counting import counts as counts
from core.feedback.counting import total as total
from core.feedback.exporting import FORMATS as FORMATS
from core.feedback.exporting import export as export
from core.feedback.exporting import plain as plain
from core.feedback.exporting import said as said
from core.feedback.flagging import Came as Came
from core.feedback.flagging import change_flags as change_flags
from core.feedback.flagging import flag as flag
from core.feedback.flagging import flags as flags
from core.feedback.flagging import unflag as unflag
from core.feedback.flagging import what_came_of as what_came_of
from core.feedback.kinds import CHANNELS as CHANNELS
from core.feedback.kinds import DOWN_REASONS as DOWN_REASONS
from core.feedback.kinds import PROBLEMS as PROBLEMS
from core.feedback.kinds import UP_REASONS as UP_REASONS
from core.feedback.kinds import title as title
from core.feedback.listing import Entry as Entry
from core.feedback.listing import listing as listing
from core.feedback.past import history as history
from core.feedback.ratings import give as give
from core.feedback.ratings import of as of
from core.feedback.ratings import summary as summary
from core.feedback.ratings import withdraw as withdraw
from core.feedback.reactions import from_reaction as from_reaction
from core.feedback.replays import sweep_keys as sweep_keys
from core.feedback.saying import Saying as Saying
from core.feedback.saying import Told as Told
from core.feedback.saying import say as say
from core.feedback.saying import told as told
from core.feedback.stars import conversation_rating as conversation_rating
from core.feedback.stars import rate_conversation as rate_conversation
from core.feedback.stars import withdraw_conversation as withdraw_conversation
from core.feedback.wanted import RATINGS as RATINGS
from core.feedback.wanted import Wanted as Wanted
