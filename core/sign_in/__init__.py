"""Who somebody is, and how they prove it: passwords, links, tokens, somebody else's accounts.

Takes what a browser or a program shows. Gives the ``Person`` and where they act from, or an error
that says nothing of what was wrong. Always holds: no secret is stored, only hashes of them; whoever
is disabled gets in by no way.
"""

from core.sign_in.tokens import MOST_DAYS as MOST_DAYS
from core.sign_in.tokens import USUAL_DAYS as USUAL_DAYS
from core.sign_in.tokens import USUAL_SCOPES as USUAL_SCOPES
from core.sign_in.tokens import by_token as by_token
from core.sign_in.tokens import make_token as make_token
from core.sign_in.tokens import revoke_token as revoke_token
from core.sign_in.tokens import tokens as tokens
