"""Which models exist, which versions of an assistant there are, and which of them answers.

Takes: an assistant, and what may answer for it (model, parameters, prompt, retrieval settings).
Gives: ``route(...)``, the version for one answer and why it was chosen. Always holds: a version
never changes (its digest says what it is made of); an alias is moved by adding a row, so its
history stays; every assistant has a champion from the moment it exists.
"""

from core.registry.aliases import history as history
from core.registry.aliases import point as point
from core.registry.aliases import pointed as pointed
from core.registry.breaker import BreakerState as BreakerState
from core.registry.breaker import breaker as breaker
from core.registry.breaker import breakers as breakers
from core.registry.challenging import challenge as challenge
from core.registry.challenging import challenger as challenger
from core.registry.challenging import describe_model as describe_model
from core.registry.challenging import withdraw_challenger as withdraw_challenger
from core.registry.following import choose_model as choose_model
from core.registry.following import follow_again as follow_again
from core.registry.following import follow_ollama as follow_ollama
from core.registry.following import set_parameters as set_parameters
from core.registry.models import ModelStatus as ModelStatus
from core.registry.models import listing as listing
from core.registry.models import missing as missing
from core.registry.models import pull as pull
from core.registry.models import pull_missing as pull_missing
from core.registry.models import silent as silent
from core.registry.pinning import variant as variant
from core.registry.pinning import version_with_model as version_with_model
from core.registry.prices import cost as cost
from core.registry.prices import saved as saved
from core.registry.remembering import Uses as Uses
from core.registry.remembering import memory_uses as memory_uses
from core.registry.remembering import use_memory as use_memory
from core.registry.router import Passed as Passed
from core.registry.router import Route as Route
from core.registry.router import fallbacks as fallbacks
from core.registry.router import route as route
from core.registry.routing import Asking as Asking
from core.registry.rules import check_rules as check_rules
from core.registry.rules import portable as portable
from core.registry.versions import PASSAGES as PASSAGES
from core.registry.versions import Parts as Parts
from core.registry.versions import begin as begin
from core.registry.versions import model as model
from core.registry.versions import no_assistant as no_assistant
from core.registry.versions import prompt_changed as prompt_changed
from core.registry.versions import version as version
from core.registry.versions import versions as versions
