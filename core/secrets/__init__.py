"""Keys that Ciclo shows to others (providers, servers), entered here in place of the environment.

Takes: a name such as OPENAI_API_KEY and its value. Gives: which there are, since when and by whom; the
value to nobody but the code that calls the provider. Always holds: the database has a value sealed
alone, with a key that lies elsewhere (CICLO_SECRET_KEY, else a file that only its owner may read);
no list, log, export or error of ours shows one.
"""

from core.secrets.keeping import forget as forget
from core.secrets.keeping import names as names
from core.secrets.keeping import opens as opens
from core.secrets.keeping import put as put
from core.secrets.keeping import rotate as rotate
from core.secrets.keeping import value as value
from core.secrets.sealing import FILE as FILE
from core.secrets.sealing import key_lies as key_lies
