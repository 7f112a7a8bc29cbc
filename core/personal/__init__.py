"""Personal data: what is held about somebody, its erasure, how long it is kept, who agreed to it.

Takes: a ``Subject`` (a person, or a user of an outside system), or an assistant. Gives: all that is held
as a file, a plan of an erasure and the erasure itself, conversations that are due to go, agreements.
Always holds: one's own data is one's own to take along; what goes, goes in short transactions that kill -9
leaves true, out of every table that names people (``places``); what could not be reached is told.
"""

from core.personal.erasing import erase as erase
from core.personal.erasing import erasures as erasures
from core.personal.erasing import keep_erasing as keep_erasing
from core.personal.planning import Plan as Plan
from core.personal.planning import plan as plan
from core.personal.planning import split as split
from core.personal.planning import told as told
from core.personal.planning import unreached_in_words as unreached_in_words
from core.personal.subjects import Subject as Subject
from core.personal.subjects import subject as subject
