"""Feedback: what the asker says of an answer. Takes a message and a rating, gives a row.

Always holds: one active rating per person and message, however often a click is repeated;
a changed or withdrawn rating stays as history.
"""

from core.feedback.ratings import DOWN_REASONS as DOWN_REASONS
from core.feedback.ratings import UP_REASONS as UP_REASONS
from core.feedback.ratings import give as give
from core.feedback.ratings import of as of
from core.feedback.ratings import summary as summary
from core.feedback.ratings import withdraw as withdraw
