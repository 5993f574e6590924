"""Takes from a process what decoding a picture does not need, for good: files, the network, other programs.

A codec that a hostile file takes over then holds that file and nothing else. Two parts of the Linux kernel do it:
Landlock (files; since 5.13) and seccomp (system calls). Where a host lacks one, the rest holds and ``missing`` says
what could not be had. Knows nothing of pictures.
"""

import errno
import os
import sys
import sysconfig
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]

# What reaches out of the process: sockets, other programs, other processes, devices, and ways round both filters.
_FORBIDDEN = (
    *(
        "socket",
        "socketpair",
        "connect",
        "bind",
        "listen",
        "accept",
        "accept4",
        "sendto",
        "sendmsg",
        "sendmmsg",
    ),
    *("execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_open", "pidfd_getfd"),
    *("kill", "tkill", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "process_madvise"),
    *(
        "io_uring_setup",
        "io_uring_enter",
        "io_uring_register",
        "bpf",
        "perf_event_open",
        "userfaultfd",
        "keyctl",
    ),
    *(
        "add_key",
        "request_key",
        "mount",
        "umount2",
        "pivot_root",
        "chroot",
        "unshare",
        "setns",
        "open_by_handle_at",
    ),
    *(
        "init_module",
        "finit_module",
        "kexec_load",
        "reboot",
        "swapon",
        "sethostname",
        "quotactl",
        "personality",
    ),
    *("shmget", "shmat", "msgget", "semget", "mq_open"),
)
_NEW_PROCESSES = ("fork", "vfork", "clone", "clone3")


def readable_folders() -> tuple[Path, ...]:
    """Where the interpreter, the libraries and this package lie: all that a decoder may still read."""
    prefixes = {sys.prefix, sys.base_prefix, *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib"))}
    inside = {Path(prefix) / "lib" for prefix in prefixes} | {
        Path(prefix) for prefix in prefixes if "lib" in prefix
    }
    system = {Path("/usr/lib"), Path("/usr/lib64"), Path("/lib"), Path("/lib64"), Path("/etc/ld.so.cache")}
    site = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    return tuple(sorted(path for path in inside | system | site | {_PACKAGE} if path.exists()))


def missing() -> tuple[str, ...]:
    """Which protections this host cannot give, each as a sentence; empty where it gives all."""
    lacks = []
    if not _has_landlock():
        lacks.append("Decoders are not kept from the files of this machine: its kernel has no Landlock.")
    if not _has_seccomp():
        lacks.append("Decoders are not kept from the network: install libseccomp 2 (Debian: libseccomp2).")
    return tuple(lacks)


def confine() -> None:
    """Close files, network and other programs to this process and its children; what a host lacks is left out.

    Files that are open already stay open.
    """
    _has_seccomp()  # its library is looked for in files, so before they are closed
    if _has_landlock():
        from landlock import FSAccess, Ruleset

        rules = Ruleset()
        look = FSAccess.READ_FILE | FSAccess.READ_DIR
        for path in readable_folders():
            rules.allow(str(path), rules=look if path.is_dir() else FSAccess.READ_FILE)
        rules.apply()
        os.close(rules._fd)
    _forbid(_FORBIDDEN)


def forbid_new_processes() -> None:
    """Let this process start no other, nor a thread."""
    _forbid(_NEW_PROCESSES)


def _forbid(calls: tuple[str, ...]) -> None:
    if not _has_seccomp():
        return
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in calls:
        try:
            rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
        except (OSError, ValueError):  # a system call that this architecture does not have
            continue
    rules.load()


def _has_landlock() -> bool:
    try:
        from landlock import LandlockError, landlock_abi_version
    except ImportError:
        return False
    try:
        return bool(landlock_abi_version() >= 1)
    except (LandlockError, OSError):
        return False


def _has_seccomp() -> bool:
    try:
        import pyseccomp  # noqa: F401
    except (ImportError, RuntimeError):  # RuntimeError: the library itself is not there
        return False
    return sys.platform == "linux"
