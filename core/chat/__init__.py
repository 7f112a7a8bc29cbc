"""Chat: a question in, a cited answer out. The one verb behind page, API and command line.

Takes a question (and an assistant or a conversation), gives an ``Answer`` with its passages,
citations, groundedness, times and cost. Always holds: the question is saved before the search
begins; an answer that broke off is stored as cut_off; every [n] points at a stored passage.
"""

from core.chat.asking import again as again
from core.chat.asking import ask as ask
from core.chat.asking import follow as follow
from core.chat.asking import rephrase as rephrase
from core.chat.asking import start as start
from core.chat.asking import stop as stop
from core.chat.breaks import way_out as way_out
from core.chat.cache import Cached as Cached
from core.chat.cache import cached as cached
from core.chat.cache import clear_cache as clear_cache
from core.chat.cache import sweep_cache as sweep_cache
from core.chat.conversations import conversation as conversation
from core.chat.conversations import conversations as conversations
from core.chat.conversations import create as create
from core.chat.conversations import remove as remove
from core.chat.conversations import rename as rename
from core.chat.conversations import restore as restore
from core.chat.conversations import show_branch as show_branch
from core.chat.editing import edit_message as edit_message
from core.chat.editing import remove_message as remove_message
from core.chat.exporting import export_json as export_json
from core.chat.exporting import export_markdown as export_markdown
from core.chat.outgrowing import retire_outgrown as retire_outgrown
from core.chat.pinned import pinned as pinned
from core.chat.reading import answer as answer
from core.chat.reading import messages as messages
from core.chat.reading import path as path
from core.chat.reading import shows_thoughts as shows_thoughts
from core.chat.recording import Said as Said
from core.chat.recording import import_jsonl as import_jsonl
from core.chat.recording import record as record
from core.chat.remembering import who_approved as who_approved
from core.chat.resuming import resume as resume
from core.chat.runs import close as close
from core.chat.traces import Traced as Traced
from core.chat.traces import Wanted as Wanted
from core.chat.traces import speakers as speakers
from core.chat.traces import sweep as sweep
from core.chat.traces import trace as trace
from core.chat.traces import traces as traces
from core.chat.trials import set_all_apart as set_all_apart
from core.chat.trials import set_apart as set_apart
from core.chat.trials import try_out as try_out
from core.chat.trials import wait as wait
from core.chat.types import CHANNELS as CHANNELS
from core.chat.types import Answer as Answer
from core.chat.types import ApprovedBy as ApprovedBy
from core.chat.types import Asker as Asker
from core.chat.types import Event as Event
from core.chat.types import Options as Options
from core.chat.types import Started as Started
from core.chat.types import Turn as Turn
from core.chat.writing import close_abandoned as close_abandoned
