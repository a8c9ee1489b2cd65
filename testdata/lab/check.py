#!/usr/bin/env python3
"""Checks what guests recorded against what was done in them. As a program: check.py KERNEL FOLDER."""

import bisect
import collections

import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import faults
import pcapng
import scenarios
import scripts
import standing
import storm
import texts

# What changes by itself, in /proc/sys/net.
RESTLESS = re.compile(r"nf_conntrack_buckets|/random|fib_notify|tcp_fastopen_key")
# Before 6.7 the first use of any trace instance changes what the main one tells of its buffer.
KERNEL_FORGETS = {("5.10", "tracefs"), ("6.1", "tracefs")}
NAMESPACE_UNKNOWN = "¹"
PACKET_UNKNOWN = "²"

PAGE = """# What the lab has seen

Written by `testdata/lab/run --table docs/lab.md`; [the lab's README](../testdata/lab/README.md) says
what is checked. A number is how many events fit a scenario in every respect: addresses and ports,
reason, network namespace, function that dropped, stack. Kernels that are not here are untested.

"""

# What people wrote into that page stands behind this line, and stays.
KEPT = "## Other runs"


@dataclass
class Report:
    kernel: str
    failures: list[str] = field(default_factory=list)
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)

    def must(self, truth: bool, failure: str) -> bool:
        if not truth:
            self.failures.append(failure)
        return truth


class Symbols:
    """Functions by address, as the guest's kallsyms had them at the end."""

    def __init__(self, path: Path) -> None:
        pairs = []
        for line in path.read_text().splitlines():
            address, kind, name = line.split()[:3]
            if kind in "tTwW" and not name.startswith(("__pfx_", "__cfi_")):
                pairs.append((int(address, 16), name))
        pairs.sort()
        self.addresses = [a for a, _ in pairs]
        self.names = [n for _, n in pairs]

    def function(self, return_address: int) -> str:
        """The function without the suffixes that compilers add."""
        i = bisect.bisect_right(self.addresses, return_address - 1) - 1
        name = self.names[i] if i >= 0 else "?"
        return re.sub(r"\.(constprop|isra|part|cold)(\.\d+)*", "", name)


@dataclass
class Done:
    begin: int = 0
    end: int = 0
    failed: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)


def truth(path: Path) -> dict[str, Done]:
    found: dict[str, Done] = collections.defaultdict(Done)
    current = ""
    for line in path.read_text().splitlines():
        word, _, rest = line.partition(" ")
        if word in ("begin", "end"):
            current, nanos = rest.split()
            setattr(found[current], word, int(nanos))
        elif word == "step":
            found[current].steps.append(rest)
        elif word == "failed":
            found[current].failed.append(rest)
        elif word == "unarranged":
            name, _, what = rest.partition(" ")
            found[name].failed.append(what)
    return found


def matches(event: pcapng.Event, wanted: dict[str, str]) -> bool:
    have = event.tuple()
    if "ethertype" in wanted:
        return int(wanted["ethertype"], 0) == event.protocol
    return all(have.get(k) == v for k, v in wanted.items())


def of_scenarios(report: Report, out: Path) -> None:
    done = truth(out / "truth")
    spaces = dict(line.split() for line in (out / "namespaces").read_text().splitlines())
    symbols = Symbols(out / "kallsyms")
    chosen = {s.name: s for s in scenarios.read() if s.name in done}
    for name, d in done.items():
        for failed in d.failed:
            report.must(False, f"{name}: set-up failed: {failed}")
    captures = {}
    for source in ("bpf", "tracefs"):
        path = out / f"{source}.drops.pcapng"
        if not path.exists():
            if (out / f"{source}.err").exists():
                said = (out / f"{source}.err").read_text().strip()[:300]
                report.must(False, f"{source}: no file: {said}")
            continue
        capture = whole(report, source, path, out / f"{source}.status")
        if not capture:
            continue
        captures[source] = capture
        reasons = capture.reasons()
        for s in chosen.values():
            d = done[s.name]
            inside = [e for e in capture.events if d.begin <= e.boot <= d.end]
            cell = verdict(s, report.kernel, source, inside, reasons, spaces, symbols)
            report.cells.setdefault(s.name, {})[source] = cell
            report.must(cell.startswith("✓"), f"{source}: {s.name}: {cell}")
    names = texts.reasons((out / "kfree_skb.format").read_text())
    written = {}
    if (out / "bpftrace.txt").exists():
        written["bpftrace"] = texts.bpftrace(out / "bpftrace.txt")
    if (out / "shell.txt").exists():
        written["shell"] = texts.shell(out / "shell.txt", names)
    for source, events in written.items():
        for s in chosen.values():
            d = done[s.name]
            inside = [e for e in events if d.begin <= e.boot <= d.end]
            cell = verdict(s, report.kernel, source, inside, names, spaces, symbols)
            report.cells.setdefault(s.name, {})[source] = cell
            report.must(cell.startswith("✓"), f"{source}: {s.name}: {cell}")
    begin = min(d.begin for d in done.values())
    end = max(d.end for d in done.values())
    counts = {"ftrace": text_events(out / "ftrace.txt", begin, end)}
    for source, capture in captures.items():
        counts[source] = collections.Counter(
            e.skb for e in capture.events
            if begin <= e.boot <= end and not e.consumed)
    for source, events in written.items():
        counts[source] = collections.Counter(e.skb for e in events if begin <= e.boot <= end)
    for source in counts:
        missing = counts["ftrace"] - counts[source]
        extra = counts[source] - counts["ftrace"]
        report.must(not missing and not extra,
                    f"{source}: of {counts['ftrace'].total()} drops that the kernel's own trace has,"
                    f" {missing.total()} are missing and {extra.total()} are not in it")
    report.facts.append("drops while scenarios ran: " + ", ".join(
        f"{source} {count.total()}" for source, count in counts.items()))
    for source, capture in captures.items():
        losses, end = capture.losses() or {}, capture.end() or {}
        report.facts.append(
            f"{source}: {capture.packets} packets of {len({e.cpu for e in capture.events})} CPUs, "
            f"{len(capture.interfaces)} interfaces, {capture.customs} custom blocks, "
            f"{(out / f'{source}.drops.pcapng').stat().st_size >> 10} KiB, "
            f"{end.get('cpu', 0) / 1e9:.1f} s CPU, losses {losses}, notes {capture.notes()}")


def verdict(s, kernel, source, inside, reasons, spaces, symbols) -> str:
    packet = s.packet
    # Linux 5.10 has no event probes.
    blind = source == "shell" or (kernel, source) == ("5.10", "tracefs")
    if blind:
        # Nothing of the packet but its protocol: what fits in all other respects is it.
        packet = {"ethertype": s.packet.get(
            "ethertype", "0x86dd" if ":" in s.packet.get("dst", "") else "0x800")}
    found = [e for e in inside if matches(e, packet)]
    if s.negative(kernel) and blind:
        return "✓ not told apart" if found else "✓ nothing freed"
    if s.negative(kernel):
        return "✓ nothing freed" if not found else "an event where none may be: " + ", ".join(
            symbols.function(e.location) for e in found)
    if not found:
        return f"no event with {s.packet}, of {len(inside)}"
    wanted = {f"SKB_DROP_REASON_{r}" for r in s.get("reason", kernel)}
    space, sites, via = s.get("netns")[0], set(s.get("site", kernel)), set(s.get("via", kernel))
    good, unknown, problems = 0, False, collections.Counter()
    for e in found:
        reason = reasons.get(e.reason, str(e.reason))
        if not reason.startswith("SKB_"):
            reason = f"SKB_DROP_REASON_{reason}"
        stack = [symbols.function(a) for a in e.stack]
        if (kernel != "5.10" and wanted and reason not in wanted
                and e.reason != texts.NOT_TOLD):
            problems[f"reason {reason}"] += 1
        elif symbols.function(e.location) not in sites:
            problems[f"site {symbols.function(e.location)}"] += 1
        elif e.location not in e.stack:
            problems["the location is not in the stack"] += 1
        elif via and not via & set(stack):
            problems[f"stack without {' or '.join(via)}: {' '.join(stack[:12])}"] += 1
        elif space != "-" and str(e.netns) != spaces[space] and e.netns:
            names = {v: k for k, v in spaces.items()}
            problems[f"namespace {names.get(str(e.netns), e.netns)} and not {space}"] += 1
        elif space != "-" and not e.netns and source == "bpf":
            problems["no namespace"] += 1
        else:
            good += 1
            unknown |= space != "-" and not e.netns
    if good < s.count():
        return f"{good} of at least {s.count()}; others: " + "; ".join(
            f"{n} × {p}" for p, n in problems.items())
    if blind:
        return f"✓ {good}{PACKET_UNKNOWN}"
    return f"✓ {good}" + (NAMESPACE_UNKNOWN if unknown else "")


def text_events(path: Path, begin: int, end: int) -> collections.Counter:
    """How often each buffer was dropped, as ftrace printed it."""
    found: collections.Counter = collections.Counter()
    line = re.compile(r"([\d.]+): kfree_skb: skbaddr=([0-9a-f]+)")
    for text in path.open(errors="replace"):
        m = line.search(text)
        if m and begin <= float(m[1]) * 1e9 <= end:
            found[int(m[2], 16)] += 1
    return found


def whole(report: Report, name: str, path: Path, status: Path | None) -> pcapng.Capture | None:
    """A capture that ended as it should: valid, complete, counted, and readable by tshark."""
    try:
        capture = pcapng.read(path)
    except (pcapng.Malformed, ValueError, IndexError, KeyError, OSError) as e:
        report.must(False, f"{name}: not a valid file: {type(e).__name__} {e}")
        return None
    if status and status.exists():
        report.must(status.read_text().strip() == "0", f"{name}: exit {status.read_text().strip()}")
    report.must(capture.cut == 0, f"{name}: {capture.cut} bytes after the last whole block")
    end, losses = capture.end(), capture.losses()
    if report.must(end is not None, f"{name}: no end record"):
        report.must(end["events"] == capture.packets,
                    f"{name}: {end['events']} events in the end record, {capture.packets} packets")
    if report.must(losses is not None, f"{name}: no losses record"):
        lost = losses["ring"] + losses["rate"] + losses["recursion"]
        report.must(lost == 0, f"{name}: lost {losses}")
        if losses["seen"] >= 0:
            report.must(losses["seen"] == capture.packets + lost,
                        f"{name}: seen {losses['seen']}, recorded {capture.packets}, lost {lost}")
    tshark(report, name, path, capture)
    return capture


def tshark(report: Report, name: str, path: Path, capture: pcapng.Capture) -> None:
    wanted = ["frame.time_epoch", "frame.interface_name", "frame.protocols", "ip.dst", "ipv6.dst"]
    said = subprocess.run(
        ["tshark", "-n", "-r", str(path), "-T", "fields", "-E", "separator=|", "-E", "occurrence=f",
         *[x for w in wanted for x in ("-e", w)]], text=True, capture_output=True)
    if not report.must(said.returncode == 0, f"{name}: tshark: {said.stderr.strip()[-300:]}"):
        return
    rows = [row.split("|") for row in said.stdout.splitlines()]
    report.must(len(rows) == capture.packets + capture.customs,
                f"{name}: tshark shows {len(rows)} rows, for {capture.packets} packets and"
                f" {capture.customs} custom blocks")
    drops = [r for r in rows if r[1]]
    report.must(len(drops) == capture.packets, f"{name}: {len(drops)} rows name an interface")
    for row, event in zip(drops, capture.events):
        have = event.tuple()
        seconds, _, fraction = row[0].partition(".")
        nanos = int(seconds) * 10**9 + int(fraction.ljust(9, "0")[:9])
        if event.protocol == 0x800 and (
                event.packet[:1] != b"\x45" or int.from_bytes(event.packet[2:4]) < 20):
            have = {}  # tshark shows another destination, or none
        if (row[1] != event.interface or nanos != event.real
                or have.get("dst", "") not in (row[3], row[4], "")):
            report.must(False, f"{name}: tshark shows {row} for {have} on {event.interface}")
            return


def of_guests(report: Report, out: Path) -> None:
    for before in sorted(out.glob("guest.*.before")):
        name = before.name.split(".")[1]
        for source in ("bpf", "tracefs"):
            after = out / f"guest.{name}.{source}"
            path = out / f"guest.{name}.{source}.drops.pcapng"
            if not after.is_dir() or not path.exists():
                said = out / f"guest.{name}.{source}.err"
                if said.exists():
                    report.must(False, f"{source}: guest {name}: {said.read_text().strip()[:300]}")
                continue
            capture = whole(report, f"guest.{name}.{source}", path,
                            out / f"guest.{name}.{source}.status")
            if capture:
                problems = [s for s in capture.snapshots() if s["problem"]]
                report.facts.append(
                    f"guest {name}, {source}: {capture.packets} drops, "
                    f"{len(capture.snapshots())} snapshot parts, {len(problems)} with a problem, "
                    f"{path.stat().st_size // 1024} KiB")
            changed = []
            for file in sorted(before.iterdir()):
                a, b = (set(p.read_text(errors="replace").splitlines()) if p.exists() else set()
                        for p in (file, after / file.name))
                lines = [f"-{x}" for x in sorted(a - b)] + [f"+{x}" for x in sorted(b - a)]
                lines = [x for x in lines if not RESTLESS.search(x)]
                if (report.kernel, source) in KERNEL_FORGETS:
                    lines = [x for x in lines if not x[1:].startswith("buffer_size_kb")]
                if lines:
                    changed.append(f"{file.name}: " + " ".join(x[:100] for x in lines[:4]))
            report.must(not changed, f"{source}: guest {name}: changed: " + "; ".join(changed))
            report.cells.setdefault(f"nothing changed ({name} box)", {})[source] = (
                "✓" if not changed else "changed")


    path = out / "rules.drops.pcapng"
    capture = whole(report, "rules", path, out / "rules.status") if path.exists() else None
    if capture:
        reasons = capture.reasons()
        dropped = sum("NETFILTER_DROP" in reasons.get(e.reason, "") for e in capture.events)
        rules = {s["phase"] for s in capture.snapshots()
                 if s["name"] == "nft" and b"counter" in s["bytes"]}
        report.must(report.kernel == "5.10" or dropped >= 8, f"rules: {dropped} dropped by rules")
        report.must({0, 2} <= rules, "rules: no nft counters before and after")
        report.facts.append(f"rules: {capture.packets} drops, {dropped} by firewall rules")


def of_guest(kernel: str, out: Path, suites: list[str]) -> Report:
    report = Report(kernel)
    checks = {**{suite: lambda r, o, suite=suite: standing.check(r, o, suite) for suite in scenarios.STANDING},
              "guest": of_guests, "scenarios": of_scenarios, "faults": faults.check, "storm": storm.check,
              "scripts": lambda r, o: r.failures.extend(scripts.failures(r.kernel, o))}
    report.must(not (out / "late").exists(), "the guest ran out of time")
    for suite in suites:
        checks[suite](report, out)
    return report


def table(reports: list[Report]) -> str:
    """Everything that was checked, as Markdown."""
    sources = ("bpf", "tracefs", "bpftrace", "shell", "auto")
    columns = [(r, s) for r in reports for s in sources
               if any(s in row for row in r.cells.values())]
    names = list(dict.fromkeys(name for r in reports for name in r.cells))
    known = {s.name: s.drop_class for suite in ("scenarios", *scenarios.STANDING)
             for s in scenarios.read(suite)}
    lines = ["| | class | " + " | ".join(f"{r.kernel} {s}" for r, s in columns) + " |",
             "|---|---" + "|---" * len(columns) + "|"]
    for name in names:
        cells = [r.cells.get(name, {}).get(s, "") for r, s in columns]
        lines.append(f"| {name} | {known.get(name, '')} | " + " | ".join(
            c if c.startswith("✓") or not c else "✗" for c in cells) + " |")
    lines.append("")
    if any(NAMESPACE_UNKNOWN in c for r in reports for row in r.cells.values() for c in row.values()):
        lines += [f"{NAMESPACE_UNKNOWN} the packet had no device: this source then knows no "
                  "namespace.", ""]
    if any(PACKET_UNKNOWN in c for r in reports for row in r.cells.values() for c in row.values()):
        lines += [f"{PACKET_UNKNOWN} told by protocol, reason, place and stack: this source knows no "
                  "addresses, ports and namespaces.", ""]
    for r in reports:
        lines += [f"Linux {r.kernel}:", "", *(f"- {fact}" for fact in r.facts), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    one = of_guest(sys.argv[1], Path(sys.argv[2]), sys.argv[3:] or ["scenarios"])
    print(table([one]))
    print("\n".join(f"FAILED {f}" for f in one.failures))
    sys.exit(bool(one.failures))
