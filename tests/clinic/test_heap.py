"""The server's threads share one arena of memory, so that what one page gave back serves the next."""

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library has no such arenas")
# Every thread asks for memory of its own at the same time; then the C library lists its heaps.
COUNT = """
import ctypes, threading
{before}
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
together = threading.Barrier(4)
def work():
    together.wait()
    libc.malloc(ctypes.c_size_t(4096))
    together.wait()
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
out = ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w"))
libc.malloc_info(0, out)
libc.fclose(out)
"""


def heaps(before: str) -> int:
    command = [sys.executable, "-c", COUNT.format(before=before)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.count("<heap ")


def test_the_threads_of_the_server_share_one_arena():
    assert heaps("") > 1
    assert heaps("from clinic.web import heap; heap.use_one_arena()") == 1
