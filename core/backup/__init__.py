"""Backups: everything that cannot be made anew, in one file that was read back after it was written.

In: the database and the documents' files, while everybody goes on working. Out: an archive, encrypted
where a key is set; from it the same home again. Always holds: an archive under its final name is whole
and was verified; restoring loses nothing, what was there before is put aside, and a restore that was
killed is finished or forgotten at the next start, never half done. Indexes are caches of the database:
they are not in the archive, and are built anew from it.
"""

from core.backup.archives import Backup as Backup
from core.backup.archives import backups as backups
from core.backup.archives import new_key as new_key
from core.backup.encrypting import decrypt as decrypt
from core.backup.encrypting import encrypt as encrypt
from core.backup.making import Failure as Failure
from core.backup.making import keep_backed_up as keep_backed_up
from core.backup.making import make as make
from core.backup.restoring import finish as finish
from core.backup.restoring import occupy as occupy
from core.backup.restoring import restorable as restorable
from core.backup.restoring import restore as restore
from core.backup.restoring import settled as settled
from core.backup.standing import Standing as Standing
from core.backup.standing import risks as risks
from core.backup.standing import standing as standing
from core.backup.verifying import Verified as Verified
from core.backup.verifying import verify as verify
