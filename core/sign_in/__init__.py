"""Sign-in: how somebody proves who they are, in which browsers they are signed in, and how it ends.

Takes a login and a password, the secret of a cookie, of a one-time link or of a token, an outside
provider's word. Gives: who it is, or a refusal that tells a stranger nothing. Always holds: no password and no secret is stored, only hashes; a
sign-in that has ended, by whichever way, is dead at its next request; wrong tries cost growing waits,
which a restart does not forget; no account has a password that nobody chose.
"""

from core.sign_in.accounts import account as account
from core.sign_in.accounts import disable as disable
from core.sign_in.accounts import enable as enable
from core.sign_in.accounts import reset as reset
from core.sign_in.accounts import set_password as set_password
from core.sign_in.accounts import sign_in as sign_in
from core.sign_in.accounts import standing as standing
from core.sign_in.api_tokens import MOST_DAYS as MOST_DAYS
from core.sign_in.api_tokens import USUAL_DAYS as USUAL_DAYS
from core.sign_in.api_tokens import USUAL_SCOPES as USUAL_SCOPES
from core.sign_in.api_tokens import by_token as by_token
from core.sign_in.api_tokens import is_token as is_token
from core.sign_in.api_tokens import make_token as make_token
from core.sign_in.api_tokens import revoke_token as revoke_token
from core.sign_in.api_tokens import tokens as tokens
from core.sign_in.cookies import cookie_name as cookie_name
from core.sign_in.first_admin import first_admin_link as first_admin_link
from core.sign_in.first_admin import nobody_yet as nobody_yet
from core.sign_in.inviting import accept as accept
from core.sign_in.inviting import invite as invite
from core.sign_in.jwt import by_jwt as by_jwt
from core.sign_in.jwt import is_jwt as is_jwt
from core.sign_in.links import link as link
from core.sign_in.sign_ins import begin as begin
from core.sign_in.sign_ins import end as end
from core.sign_in.sign_ins import end_all as end_all
from core.sign_in.sign_ins import sign_ins as sign_ins
from core.sign_in.sign_ins import sign_out as sign_out
from core.sign_in.sign_ins import signed_in as signed_in
from core.sign_in.sign_ins import sweep as sweep
from core.sign_in.types import Link as Link
from core.sign_in.types import Purpose as Purpose
from core.sign_in.types import SignedIn as SignedIn
from core.sign_in.types import Standing as Standing
