"""Checks recordings of what stood before they began, and tells which of it dropped each packet."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import check as lab
import pcapng
import scenarios

BEFORE, AFTER = 0, 2
SOURCES = ("bpf", "tracefs")


@dataclass
class Rule:
    """A rule as the guest added it."""

    verdict: str
    host: str
    tool: str
    table: str
    chain: str
    number: int
    text: str


def rules(path: Path) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for line in path.read_text().splitlines() if path.exists() else []:
        name, verdict, host, tool, table, chain, number, text = line.split("\t", 7)
        found.setdefault(name, []).append(Rule(verdict, host, tool, table, chain, int(number),
                                           text.replace(" packets 0 bytes 0", "")))
    return found


@dataclass
class Recording:
    """One file of a suite, and the namespaces of its hosts."""

    path: Path
    capture: pcapng.Capture
    spaces: dict[str, str]

    def part(self, name: str, phase: int, netns: str) -> bytes:
        for s in self.capture.snapshots():
            if s["name"] == name and s["phase"] == phase and str(s["netns"]) == netns:
                return s["bytes"]
        return b""

    def counter(self, part: str, name: str, phase: int, netns: str) -> int:
        """A counter, as scenarios name it: Udp:RcvbufErrors, XfrmOutPolBlock, ifb7:rx.dropped."""
        text = self.part(part, phase, netns).decode(errors="replace")
        group, _, field = name.rpartition(":")
        if part == "ip-link":
            link = next(l for l in json.loads(text) if l["ifname"] == group)
            direction, what = field.split(".")
            return link["stats64"][direction][what]
        rows = [line.split() for line in text.splitlines()]
        if not group:
            return next(int(row[1]) for row in rows if row and row[0] == name)
        heads, values = [row for row in rows if row and row[0] == f"{group}:"][:2]
        return int(values[heads.index(field)])

    def packets(self, r: Rule, phase: int) -> int | None:
        """How many packets a rule has counted; nothing when it is not there or does not count."""
        text = self.part(r.tool, phase, self.spaces[r.host]).decode(errors="replace")
        if r.tool == "nft":
            family, table = r.table.split()
            for item in json.loads(text or '{"nftables": []}')["nftables"]:
                rule = item.get("rule", {})
                if (rule.get("family"), rule.get("table"), rule.get("chain"), rule.get("handle")) == (
                        family, table, r.chain, r.number):
                    counter = next((e["counter"] for e in rule["expr"] if "counter" in e), None)
                    return counter["packets"] if isinstance(counter, dict) else -1
            return None
        table = ""
        for line in text.splitlines():
            if line.startswith("*"):
                table = line[1:]
            m = re.match(r"(?:\[(\d+):\d+\] )?(-A .*?)(?: , pcnt ?= ?(\d+).*| -c (\d+) \d+.*)?$", line)
            if m and table == r.table and " ".join(m[2].split()) == " ".join(r.text.split()):
                count = m[1] or m[3] or m[4]
                return int(count) if count else -1
        return None


def recordings(out: Path, suite: str, name: str) -> dict[str, Recording]:
    found = {}
    spaces_file = out / f"{suite}.{name}.namespaces"
    for source in SOURCES:
        path = out / f"{suite}.{name}.{source}.drops.pcapng"
        if path.exists() and spaces_file.exists():
            spaces = dict(line.split() for line in spaces_file.read_text().splitlines())
            found[source] = Recording(path, pcapng.read(path), spaces)
    return found


def own_events(r: Recording, s: scenarios.Scenario, done: lab.Done, symbols: lab.Symbols) -> list[int]:
    """Which events, counted from 0, are of a scenario's packet (and at its place, where that is told)."""
    sites = s.get("site")
    link = s.words.get("link", ["src="])[0].removeprefix("src=").replace(":", "")
    return [i for i, e in enumerate(r.capture.events)
            if done.begin <= e.boot <= done.end and lab.matches(e, s.packet)
            and (not link or e.link[6:12].hex() == link)
            and (not sites or symbols.function(e.location) in sites)
            and (s.get("netns")[0] == "-" or not e.netns or str(e.netns) == r.spaces[s.get("netns")[0]])]


def attribution(r: Recording, s: scenarios.Scenario, of: list[Rule]) -> list[dict]:
    """What has to be named, one of which is enough."""
    found = []
    for rule in of:
        if rule.verdict == "names":
            before, after = r.packets(rule, BEFORE), r.packets(rule, AFTER)
            counts = before is not None and before >= 0
            found.append({
                "kind": "RULE", "tool": rule.tool, "table": rule.table, "chain": rule.chain,
                ("handle" if rule.tool == "nft" else "number"): rule.number, "text": rule.text,
                "counts": counts, "counterDelta": (after or 0) - before if counts else None})
    for line in s.names:
        kind, _, rest = line.partition(" ")
        if kind == "POLICY":
            tool, *table, chain = rest.split()
            native = tool in ("ip", "ip6", "inet", "bridge", "arp", "netdev")
            found.append({"kind": "POLICY", "tool": "nft" if native else tool,
                          "table": " ".join([tool, *table] if native else table), "chain": chain})
        else:
            found.append({"kind": kind, "contains": [p.strip() for p in rest.split("&")]})
    return found


def innocents(s: scenarios.Scenario, of: list[Rule]) -> list[dict]:
    rules = [{"tool": r.tool, "table": r.table, "chain": r.chain,
              ("handle" if r.tool == "nft" else "number"): r.number, "text": r.text}
             for r in of if r.verdict == "innocent"]
    return rules + [{"contains": [text]} for text in s.innocent]


def check(report, out: Path, suite: str) -> None:
    done = lab.truth(out / f"{suite}.truth")
    symbols = lab.Symbols(out / f"{suite}.kallsyms")
    added = rules(out / f"{suite}.rules")
    chosen = [s for s in scenarios.read(suite) if s.name in done]
    for name, d in done.items():
        for failed in d.failed:
            report.must(False, f"{name}: set-up failed: {failed}")
    for recording in dict.fromkeys(s.recording for s in chosen):
        found = recordings(out, suite, recording)
        report.must(bool(found), f"{suite}.{recording}: no recording")
        for source, r in found.items():
            lab.whole(report, f"{suite}.{recording}.{source}", r.path,
                      out / f"{suite}.{recording}.{source}.status")
            report.facts.append(
                f"{suite}, {recording}, {source}: {r.capture.packets} drops, "
                f"{len(r.capture.snapshots())} snapshot parts, {r.path.stat().st_size >> 10} KiB")
            reasons = r.capture.reasons()
            for s in chosen:
                if s.recording == recording:
                    cell = verdict(report, r, s, done[s.name], added.get(s.name, []), reasons, symbols)
                    report.cells.setdefault(s.name, {})[source] = cell
                    report.must(cell.startswith("✓"), f"{source}: {s.name}: {cell}")


def verdict(report, r: Recording, s, d, of: list[Rule], reasons, symbols) -> str:
    events = own_events(r, s, d, symbols)
    for part, counter, least in (m.split() for m in s.moved):
        netns = r.spaces[s.get("netns")[0]]
        by = r.counter(part, counter, AFTER, netns) - r.counter(part, counter, BEFORE, netns)
        if by < int(least):
            return f"{counter} of {part} moved by {by}"
    if s.negative(report.kernel):
        return "✓ nothing freed" if not events else f"{len(events)} events where none may be"
    if len(events) < s.count():
        others = [(r.capture.events[i].tuple(), r.capture.events[i].netns)
                  for i, e in enumerate(r.capture.events) if d.begin <= e.boot <= d.end]
        return f"{len(events)} of {s.count()} events; others {others[:4]}"
    for rule in of:
        before, after = r.packets(rule, BEFORE), r.packets(rule, AFTER)
        if before is None or after is None:
            return f"not in both snapshots: {rule}"
        moved = after - before
        if rule.verdict == "names" and before >= 0 and moved < s.count():
            return f"its counter moved by {moved}: {rule}"
    where = {f"{symbols.function(r.capture.events[i].location)} / "
             f"{reasons.get(r.capture.events[i].reason, '?').removeprefix('SKB_DROP_REASON_')}" for i in events}
    return f"✓ {len(events)} {', '.join(sorted(where))}"
