"""The audit log: who changed what, who looked at personal data, when and from where.

Takes: what sessions write, and what verbs tell (``did``, ``looked``). Gives: lines, the newest first, by
filters, and as files. Always holds: the log only grows (triggers in ``core.db.append_only``), and no
hash or secret is in it.
"""

from core.audit.exporting import FORMATS as FORMATS
from core.audit.exporting import export as export
from core.audit.exporting import plain as plain
from core.audit.reading import Event as Event
from core.audit.reading import Wanted as Wanted
from core.audit.reading import count as count
from core.audit.reading import event as event
from core.audit.reading import events as events
from core.audit.reading import whose as whose
from core.audit.saying import did as did
from core.audit.saying import looked as looked
