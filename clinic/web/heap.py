"""How the C library hands out memory to the server's threads."""

import ctypes
import platform

# The parameter's number in glibc's malloc.h.
M_ARENA_MAX = -8


def use_one_arena() -> None:
    """Call before threads begin. On Linux each would else get an arena of its own and fill it once more.

    They hardly ever ask at the same time: Python's own lock lets one of them run. Elsewhere nothing is done.
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
