"""People: who asks, reviews, operates, and who may do what.

Takes: a name, roles, a deed. Gives: the ``Person`` row, and yes or no. Always holds: one row per
name, one local person (who sits at a machine without sign-in); the last admin stays one; a verb
marked with ``@allowed(deed)`` refuses whoever acts and may not, whichever door they came by; an
assistant for its members only, and all that hangs on it, is not there for anybody else; what is
one's own is one's own to read whatever one's roles.
"""

from core.access.acting import NOWHERE as NOWHERE
from core.access.acting import Origin as Origin
from core.access.acting import act as act
from core.access.acting import acting as acting
from core.access.acting import as_person as as_person
from core.access.acting import demand as demand
from core.access.acting import demand_of_token as demand_of_token
from core.access.acting import demand_role as demand_role
from core.access.acting import demand_unbound as demand_unbound
from core.access.acting import demand_unless_own as demand_unless_own
from core.access.acting import may as may
from core.access.acting import may_see as may_see
from core.access.acting import on_leave as on_leave
from core.access.acting import origin as origin
from core.access.acting import present as present
from core.access.acting import refusal as refusal
from core.access.deeds import DEEDS as DEEDS
from core.access.deeds import MAY as MAY
from core.access.deeds import OF_ALL as OF_ALL
from core.access.deeds import ROLE_NAMES as ROLE_NAMES
from core.access.deeds import ROLES as ROLES
from core.access.guarding import allowed as allowed
from core.access.guarding import there as there
from core.access.members import Membership as Membership
from core.access.members import members as members
from core.access.members import set_members as set_members
from core.access.members import set_members_only as set_members_only
from core.access.membership import demand_all as demand_all
from core.access.membership import hidden as hidden
from core.access.membership import seen as seen
from core.access.membership import sees as sees
from core.access.membership import sees_all as sees_all
from core.access.naming import rename as rename
from core.access.people import called as called
from core.access.people import find as find
from core.access.people import known as known
from core.access.people import local_person as local_person
from core.access.people import people as people
from core.access.people import person as person
from core.access.people import set_language as set_language
from core.access.people import set_preferences as set_preferences
from core.access.roles import set_roles as set_roles
