"""PINs and passwords as they are kept: Argon2id, and never more at once than a worker can bear.

docs/decisions/own-pin.md says why with these numbers, docs/decisions/sign-in-tries.md what they cost in a storm.
"""

import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from werkzeug.security import check_password_hash

# OWASP's least: a fifth of the time that scrypt takes to be as strong.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# In one worker process: 19 MiB each, and a core. Threads of their own, since a thread keeps the memory it once had.
AT_ONCE = 2
# Compared with where there is nobody, or no PIN of their own, so that the answer takes as long.
NOBODY = HASHER.hash(secrets.token_hex(16))

_turns = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hashing")


def hashed(secret: str) -> str:
    """For the row: the PIN or password itself is kept nowhere."""
    return _turns.submit(HASHER.hash, secret).result()


def matches(kept: str | None, typed: str) -> bool:
    """Whether this was typed; costs one look at a hash also where nothing is kept, and then it never matches."""
    return _turns.submit(_look, kept, typed).result()


def is_outdated(kept: str) -> bool:
    """Whether it was made with other numbers than those of today."""
    return not kept.startswith("$argon2") or HASHER.check_needs_rehash(kept)


def _look(kept: str | None, typed: str) -> bool:
    if kept and not kept.startswith("$argon2"):
        return check_password_hash(kept, typed)  # from before these numbers
    try:
        return HASHER.verify(kept or NOBODY, typed) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False
