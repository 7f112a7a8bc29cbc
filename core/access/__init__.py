"""People: who asks, reviews, operates. In local mode there is one, known without signing in.

Takes: a name. Gives: the ``Person`` row. Always holds: one row per name, one local person.
"""

from core.access.people import local_person as local_person
from core.access.people import person as person
from core.access.people import set_language as set_language
from core.access.people import set_preferences as set_preferences
