"""Assistants: persona, language, rules, starter questions, rubric, documents, and who answers.

Takes: what a person writes, or a folder (``assistant.toml`` and ``documents/``). Gives: rows of
``Assistant``. Always holds: names of living assistants differ; while there is one, exactly one of
them is the default; each has a champion version from the moment it exists, and editing its words
makes another version the champion.
"""

from core.assistants.folder import export_folder as export_folder
from core.assistants.folder import export_zip as export_zip
from core.assistants.folder import import_folder as import_folder
from core.assistants.folder import import_zip as import_zip
from core.assistants.lifecycle import all as all
from core.assistants.lifecycle import by_name_or_id as by_name_or_id
from core.assistants.lifecycle import chosen as chosen
from core.assistants.lifecycle import create as create
from core.assistants.lifecycle import default as default
from core.assistants.lifecycle import get as get
from core.assistants.lifecycle import remove as remove
from core.assistants.lifecycle import restore as restore
from core.assistants.lifecycle import set_default as set_default
from core.assistants.lifecycle import update as update
from core.assistants.modes import way as way
from core.assistants.removal import purge as purge
from core.assistants.removal import remove_samples as remove_samples
from core.assistants.samples import Sample as Sample
from core.assistants.samples import demo as demo
from core.assistants.samples import guidelines as guidelines
from core.assistants.samples import load_sample as load_sample
from core.assistants.samples import paraphrases as paraphrases
from core.assistants.samples import questions as questions
from core.assistants.samples import samples as samples
