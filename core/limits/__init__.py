"""How often somebody may ask, search, add documents and try to sign in.

Takes what is about to be done ("ask", "search", "upload", "sign_in") and who acts from where
(``core.access``). Gives nothing, or TooMany with the seconds to wait. Always holds: where nobody acts
nothing is counted but sign-in; without sign-in only what an operator has set is; each door asks before
anything is stored, so that nothing of what was refused is half done.
"""

from core.limits.addresses import network as network
from core.limits.counting import demand as demand
