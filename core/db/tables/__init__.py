"""Every table, in the order of the loop. Every arrow of the loop is a foreign key.

Ids are 36-character UUID strings; times are UTC. Rows that people may take back carry
``removed_at`` and stay until the undo has lapsed. What was true when an answer was given
(passages, version, prices) is stored with the answer and never follows later changes.
"""

from core.db.tables.annotation import (
    ApprovedAnswer,
    Draft,
    Guideline,
    Item,
    Judgement,
    Opinion,
    PassedOn,
    Queue,
    Seat,
    ServedAnswer,
)
from core.db.tables.assistants import Alias, Assistant, Model, Version
from core.db.tables.base import Base, UTCDateTime, new_id
from core.db.tables.comparison import (
    Comparison,
    EvaluationRun,
    Gate,
    GateResult,
    JudgeOpinion,
    Vote,
)
from core.db.tables.conversations import (
    CachedAnswer,
    Citation,
    Conversation,
    Message,
    Passage,
    Trace,
)
from core.db.tables.documents import (
    Chunk,
    Document,
    DocumentVersion,
    Embedder,
    Embedding,
    FusionWeight,
    IndexChange,
    digest_of,
)
from core.db.tables.feedback import ConversationRating, Feedback, Flag, IdempotencyKey
from core.db.tables.metrics import (
    Alert,
    AlertRule,
    ConversationChange,
    ConversationOutcome,
    Delivery,
    Setting,
    Topic,
    TopicQuestion,
)
from core.db.tables.people import ROLES, Consent, Member, Person
from core.db.tables.sign_in import (
    Account,
    ApiToken,
    AuditEvent,
    Erasure,
    OneTimeLink,
    Secret,
    SignIn,
    SignInFailures,
)
from core.db.tables.sizes import SizeSample

__all__ = [
    "ROLES",
    "Account",
    "Alert",
    "AlertRule",
    "Alias",
    "ApiToken",
    "ApprovedAnswer",
    "Assistant",
    "AuditEvent",
    "Base",
    "CachedAnswer",
    "Chunk",
    "Citation",
    "Comparison",
    "Consent",
    "Conversation",
    "ConversationChange",
    "ConversationOutcome",
    "ConversationRating",
    "Delivery",
    "Document",
    "DocumentVersion",
    "Draft",
    "Embedder",
    "Embedding",
    "Erasure",
    "EvaluationRun",
    "Feedback",
    "Flag",
    "FusionWeight",
    "Gate",
    "GateResult",
    "Guideline",
    "IdempotencyKey",
    "IndexChange",
    "Item",
    "JudgeOpinion",
    "Judgement",
    "Member",
    "Message",
    "Model",
    "OneTimeLink",
    "Opinion",
    "Passage",
    "PassedOn",
    "Person",
    "Queue",
    "Seat",
    "Secret",
    "ServedAnswer",
    "Setting",
    "SignIn",
    "SignInFailures",
    "SizeSample",
    "Topic",
    "TopicQuestion",
    "Trace",
    "UTCDateTime",
    "Version",
    "Vote",
    "digest_of",
    "new_id",
]
