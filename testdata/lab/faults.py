"""Checks what the suite `faults` brought out: valid files or clear messages, and nothing left."""

import collections
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pcapng

if TYPE_CHECKING:
    from check import Report

# What a recording that cannot be made says, in one line.
SAID = {"there": "exists already", "nowhere": "there is no such folder",
        "readonly": "[Rr]ead-only", "nobody": "root", "noprobe": "."}
# What every guest tries.
ENDS = {"duration", "events", "signalINT", "signalHUP", "signalTERM", "orphan", "full"}


def check(report: "Report", out: Path) -> None:
    folder = out / "faults"
    listed = folder / "cases"
    if not report.must(listed.exists(), "faults: no cases"):
        return
    text = listed.read_text().splitlines()
    for line in text:
        if line.startswith("left"):
            report.must(False, f"faults: {line}")
    untried = ENDS - {line.split()[1].rpartition("-")[0] for line in text}
    report.must(not untried, f"faults: not tried: {sorted(untried)}")
    kills: collections.Counter = collections.Counter()
    for line in text:
        if not line.startswith("case"):
            continue
        _, name, status = line.split()
        said = (folder / f"{name}.err").read_text(errors="replace") if (
            folder / f"{name}.err").exists() else ""
        path = folder / f"{name}.drops.pcapng"
        kind, _, source = name.rpartition("-") if "-" in name else (name, "", "")
        problem = ""
        packets = None
        kills[source] += name.startswith("kill")
        if re.search(r"^\s+at |Exception|hs_err|SIGSEGV|SIGILL", said, re.M):
            problem = "a stack trace: " + said[:300]
        elif path.exists() and path.stat().st_size:
            try:
                capture = pcapng.read(path)
                packets = capture.packets
                if name.startswith("kill"):
                    kills[f"{source} files"] += 1
                    kills[f"{source} with drops"] += packets > 0
                elif capture.cut:
                    problem = f"{capture.cut} bytes after the last whole block"
                elif status == "0" and not capture.end():
                    problem = "no end record"
            except (pcapng.Malformed, ValueError, IndexError, KeyError) as e:
                problem = f"not a valid file: {e}"
        if not problem and not name.startswith("kill"):
            expects_success = kind in ("duration", "events", "orphan", "afterwards")
            clear = [x for x in said.splitlines() if x.strip()]
            if expects_success and status != "0":
                problem = f"exit {status}: {said[:300]}"
            elif expects_success and packets is None:
                problem = "no file"
            elif kind.startswith("signal") and (
                    packets is None or status not in ("0", "129", "130", "143")):
                problem = f"exit {status}, {packets} packets: {said[:300]}"
            elif kind in ("full",) and (status == "0" or not clear or packets is None):
                problem = f"exit {status}, {packets} packets, said: {said[:300]!r}"
            elif kind in SAID:
                if (status in ("0", "137") or len(clear) != 1
                        or not re.search(SAID[kind], clear[0])):
                    problem = f"exit {status}, said {len(clear)} lines: {said[:300]!r}"
            elif name.startswith("doctor"):
                if status not in ("0", "1") or not (folder / f"{name}.std").stat().st_size:
                    problem = f"exit {status}, said: {said[:300]!r}"
            elif kind in ("nobtf", "nolibbpf"):
                # One source needs what is missing, and says so; tracefs, which auto then takes, does not.
                works = source != "bpf"
                if (works and (status != "0" or not packets)) or (not works and (
                        status in ("0", "137") or len(clear) != 1)) or (source != "tracefs" and (
                        {"nobtf": "/sys/kernel/btf", "nolibbpf": "libbpf"}[kind] not in said)):
                    problem = f"exit {status}, {packets} packets, said: {said[:300]!r}"
        if kind == "events" and packets is not None and packets != 50 and not problem:
            problem = f"{packets} events for --max-events 50"
        report.must(not problem, f"faults: {name}: {problem}")
        if not name.startswith("kill"):
            key = f"fault: {kind or name}"
            told = "✓" if not problem else "✗"
            if told == "✓" and status not in ("0", "129", "130", "143"):
                told += " said so"
            report.cells.setdefault(key, {})[source or "auto"] = told
    for source in ("bpf", "tracefs"):
        if any(re.match(f"case kill-.*-{source} ", line) for line in text):
            drops = kills[f"{source} with drops"]
            good = report.must(drops > 0, f"faults: {source}: no killed file has drops")
            report.cells.setdefault("fault: kill -9", {})[source] = (
                f"{'✓' if good else '✗'} {kills[source]} times, {kills[f'{source} files']} files, "
                f"{drops} with drops")
