"""Runs one command and tells what it cost: a JSON object in on stdin, another out on stdout.

A program of its own, and a small one: on Linux a process's peak memory counts from before exec, so
that a child never shows less than the process that started it (about 10 MB here).
"""

import json
import os
import resource
import signal
import sys
import time


def run(order):
    """Runs order["argv"] to its end; returns wall and CPU seconds, peak bytes and exit code.

    stdin is a file, given order["repeat"] times through a pipe when that is more than once.
    """
    if order["manyArguments"]:
        resource.setrlimit(resource.RLIMIT_STACK, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    redirects = [
        (os.POSIX_SPAWN_OPEN, 1, order["stdout"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
        (os.POSIX_SPAWN_OPEN, 2, order["stderr"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
    ]
    feeder = None
    if order["repeat"] > 1:
        feeder, pipe = feed(order["stdin"], order["repeat"])
        redirects += [(os.POSIX_SPAWN_DUP2, pipe, 0), (os.POSIX_SPAWN_CLOSE, pipe)]
    else:
        redirects.append((os.POSIX_SPAWN_OPEN, 0, order["stdin"] or os.devnull, os.O_RDONLY, 0))
    started = time.monotonic()
    child = os.posix_spawnp(
        order["argv"][0],
        order["argv"],
        {**os.environ, **order["environment"]},
        file_actions=redirects,
        setpgroup=0,
    )
    if feeder is not None:
        os.close(pipe)
    timed_out = False

    def give_up(_signal, _frame):
        nonlocal timed_out
        timed_out = True
        os.killpg(child, signal.SIGKILL)

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, order["limitSeconds"])
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - started
    signal.setitimer(signal.ITIMER_REAL, 0)
    if feeder is not None:
        os.waitpid(feeder, 0)
    return {
        "wallSeconds": wall,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        "peakBytes": usage.ru_maxrss * 1024,
        "exitCode": os.waitstatus_to_exitcode(status),
        "timedOut": timed_out,
    }


def feed(path, times):
    """Starts a cat that writes a file again and again; returns its id and the pipe to read."""
    out, into = os.pipe()
    cat = os.posix_spawnp(
        "cat",
        ["cat"] + [path] * times,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, into, 1), (os.POSIX_SPAWN_CLOSE, out)],
    )
    os.close(into)
    return cat, out


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
