"""Personal data: what is held about somebody, its erasure, how long it is kept, who agreed to it.

Takes: a ``Subject`` (a person, or a user of an outside system), or an assistant. Gives: all that is held
as a file, a plan of an erasure and the erasure itself, conversations that are due to go, agreements.
Always holds: one's own data is one's own to take along; what goes, goes in short transactions that kill -9
leaves true, out of every table that names people (``places``); what could not be reached is told.
"""

from core.personal.agreeing import Agreement as Agreement
from core.personal.agreeing import Asked as Asked
from core.personal.agreeing import ConsentNeeded as ConsentNeeded
from core.personal.agreeing import agree as agree
from core.personal.agreeing import agreements as agreements
from core.personal.agreeing import consent as consent
from core.personal.agreeing import set_consent as set_consent
from core.personal.agreeing import withdraw as withdraw
from core.personal.erasing import erase as erase
from core.personal.erasing import erasures as erasures
from core.personal.erasing import keep_erasing as keep_erasing
from core.personal.erasing import names_of as names_of
from core.personal.packing import file_name as file_name
from core.personal.packing import packed as packed
from core.personal.planning import Plan as Plan
from core.personal.planning import plan as plan
from core.personal.planning import split as split
from core.personal.planning import told as told
from core.personal.planning import unreached_in_words as unreached_in_words
from core.personal.retention import due as due
from core.personal.retention import keep_retention as keep_retention
from core.personal.retention import set_retention as set_retention
from core.personal.subjects import Subject as Subject
from core.personal.subjects import subject as subject
