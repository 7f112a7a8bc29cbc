"""The audit log: who changed what, who looked at personal data, when and from where.

Takes: what sessions write, and what verbs tell (``did``, ``looked``). Gives: lines, the newest first, by
filters, and as files. Always holds: the log only grows (triggers in ``core.db.append_only``), and no
hash or secret is in it.
"""

from core.audit.saying import did as did
from core.audit.saying import looked as looked
