#!/usr/bin/env python3
"""Makes test data of what a run of the lab kept: publish.py KERNEL FOLDER TARGET [SUITE], or publish.py
table FOLDER..., which prints what published folders hold.

Of suites whose rules and settings stand before the recording (explain, later, hostile), each of their
recordings, and truth.json: what was done, which events are its packet, and what must be named for it.
Else of each source the capture as it was recorded, compressed; truth.json, which says of each scenario
what was done and which events (counted from 0 in the file) are its packet; and rules.drops.pcapng.gz,
recorded while the firewall rules of guest/guest.sh stood, before and after.
"""

import gzip
import json
import sys
from pathlib import Path

import check
import pcapng
import scenarios
import standing


def rows(facts: dict) -> str:
    """JSON with a scenario in each line, so that differences can be read."""
    head = json.dumps({k: v for k, v in facts.items() if k != "scenarios"})[:-1]
    lines = ",\n".join(json.dumps(s) for s in facts["scenarios"])
    return f'{head}, "scenarios": [\n{lines}\n]}}'


def main(kernel: str, folder: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    done = check.truth(folder / "truth")
    spaces = dict(line.split() for line in (folder / "namespaces").read_text().splitlines())
    symbols = check.Symbols(folder / "kallsyms")
    captures = {}
    for source in ("bpf", "tracefs"):
        path = folder / f"{source}.drops.pcapng"
        if path.exists():
            captures[source] = pcapng.read(path)
            packed = gzip.compress(path.read_bytes(), 9, mtime=0)
            (target / f"{source}.drops.pcapng.gz").write_bytes(packed)
    rules = folder / "rules.drops.pcapng"
    if rules.exists():
        (target / "rules.drops.pcapng.gz").write_bytes(gzip.compress(rules.read_bytes(), 9, mtime=0))
    truth = []
    for s in scenarios.read():
        if s.name not in done:
            continue
        d = done[s.name]
        events, observed = {}, {}
        for source, capture in captures.items():
            reasons = capture.reasons()
            events[source] = [
                i for i, e in enumerate(capture.events)
                if d.begin <= e.boot <= d.end and check.matches(e, s.packet)]
            observed[source] = sorted({
                f"{symbols.function(capture.events[i].location)} / "
                f"{reasons.get(capture.events[i].reason, capture.events[i].reason)}"
                for i in events[source]})
        truth.append({
            "scenario": s.name, "class": s.drop_class, "negative": s.negative(kernel),
            "packet": s.packet, "netns": spaces.get(s.get("netns")[0]), "commands": d.steps,
            "begin": d.begin, "end": d.end, "events": events, "observed": observed})
    facts = {"release": (folder / "release").read_text().strip(), "namespaces": spaces,
             "scenarios": truth}
    (target / "truth.json").write_text(rows(facts) + "\n")


def observed(capture: pcapng.Capture, events: list[int], symbols: check.Symbols) -> list[str]:
    reasons = capture.reasons()
    return sorted({
        f"{symbols.function(capture.events[i].location)} / "
        f"{reasons.get(capture.events[i].reason, capture.events[i].reason)}" for i in events})


def of_suite(kernel: str, folder: Path, target: Path, suite: str) -> None:
    target.mkdir(parents=True, exist_ok=True)
    done = check.truth(folder / f"{suite}.truth")
    symbols = check.Symbols(folder / f"{suite}.kallsyms")
    added = standing.rules(folder / f"{suite}.rules")
    truth, spaces = [], {}
    chosen = [s for s in scenarios.read(suite) if s.name in done]
    for recording in dict.fromkeys(s.recording for s in chosen):
        found = standing.recordings(folder, suite, recording)
        for source, r in found.items():
            spaces[recording] = r.spaces
            packed = gzip.compress(r.path.read_bytes(), 9, mtime=0)
            (target / f"{recording}.{source}.drops.pcapng.gz").write_bytes(packed)
        for s in chosen:
            if s.recording != recording:
                continue
            d, of = done[s.name], added.get(s.name, [])
            events = {source: standing.own_events(r, s, d, symbols) for source, r in found.items()}
            first = next(iter(found.values()))
            if d.failed or any(len(e) < s.count() for e in events.values()) and not s.negative(kernel):
                print(f"left out, since it did not happen: {s.name}", file=sys.stderr)
                continue
            truth.append({
                "scenario": s.name, "recording": recording, "class": s.drop_class,
                "accept": s.get("accept"), "negative": s.negative(kernel), "packet": s.packet,
                "netns": first.spaces.get(s.get("netns")[0]), "arranged": s.arrange, "commands": d.steps,
                "begin": d.begin, "end": d.end, "events": events,
                "observed": {source: observed(r.capture, events[source], symbols)
                             for source, r in found.items()},
                "attributions": standing.attribution(first, s, of),
                "innocent": standing.innocents(s, of),
                "moved": [dict(zip(("part", "counter", "atLeast"), m.split())) for m in s.moved]})
    facts = {"release": (folder / "release").read_text().strip(), "namespaces": spaces,
             "scenarios": truth}
    (target / "truth.json").write_text(rows(facts) + "\n")


def table(folders: list[Path]) -> str:
    """What published folders hold, as Markdown, a column for each."""
    cells: dict[tuple[str, str], dict[Path, str]] = {}
    for folder in folders:
        for s in json.loads((folder / "truth.json").read_text())["scenarios"]:
            source, seen = next(iter(s["observed"].items()))
            words = "; ".join(o.replace("SKB_DROP_REASON_", "") for o in seen)
            cells.setdefault((s["scenario"], s["class"]), {})[folder] = (
                f"{len(s['events'][source])} {words}" if seen else "nothing freed")
    lines = ["| | class | " + " | ".join(f.name for f in folders) + " |", "|---" * (len(folders) + 2) + "|"]
    lines += [f"| {name} | {kind} | " + " | ".join(row.get(f, "") for f in folders) + " |"
              for (name, kind), row in cells.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1] == "table":
        print(table([Path(f) for f in sys.argv[2:]]))
        sys.exit()
    if len(sys.argv) > 4:
        of_suite(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
        sys.exit()
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
