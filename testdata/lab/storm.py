"""Checks what the suite `storm` brought out: every drop counted, memory flat, and what a drop costs."""

from pathlib import Path
from typing import TYPE_CHECKING

import pcapng

if TYPE_CHECKING:
    from check import Report


def numbers(path: Path) -> dict[str, list[int]]:
    found = {}
    for line in path.read_text().splitlines():
        word, *values = line.split()
        found[word] = [int(v) for v in values if v.isdigit()]
    return found


def check(report: "Report", out: Path) -> None:
    folder = out / "storm"
    if not report.must((folder / "nothing").exists(), "storm: did not run"):
        return

    def cost(facts: dict[str, list[int]], size: str) -> float:
        """Nanoseconds of CPU of the whole guest for each drop."""
        _, drops, busy = facts[size]
        return busy / drops

    nothing = numbers(folder / "nothing")
    quiet = {size: cost(nothing, size) for size in ("paced", "full")}
    report.facts.append(f"storm without a probe: {quiet['paced'] / 1000:.1f} us CPU for each of "
                        f"{nothing['paced'][1]} slow drops, {quiet['full'] / 1000:.1f} us for each of "
                        f"{nothing['full'][1]} at full speed")
    costs = {}
    for source in ("bpf", "tracefs"):
        name = f"storm.{source}"
        if not (folder / name).exists():
            if (folder / f"{name}.err").exists() or (out / f"{name}.err").exists():
                report.must(False, f"{name}: did not record")
            continue
        facts = numbers(folder / name)
        try:
            capture = pcapng.read(folder / f"{name}.drops.pcapng", events=False)
        except (pcapng.Malformed, OSError, ValueError) as e:
            report.must(False, f"{name}: not a valid file: {e}")
            continue
        losses, end = capture.losses(), capture.end()
        if not report.must(bool(losses and end), f"{name}: no losses or end record"):
            continue
        status = (folder / f"{name}.status").read_text().strip()
        report.must(status == "0", f"{name}: exit {status}")
        report.must(capture.cut == 0, f"{name}: {capture.cut} bytes after the last whole block")
        lost = losses["ring"] + losses["rate"] + losses["recursion"]
        report.must(end["events"] == capture.packets,
                    f"{name}: end says {end['events']} events of {capture.packets}")
        accounted, hits = capture.packets + lost, facts["hits"][0]
        off = abs(accounted - hits) / hits
        report.must(off <= 0.001, f"{name}: recorded {capture.packets} + lost {lost} = "
                                  f"{accounted}, the kernel counted {hits}: off {off:.3%}")
        report.must(lost > 0, f"{name}: a process that stood still lost nothing")
        memory = [int(x) for x in (folder / f"{name}.memory").read_text().split()]
        steady = memory[len(memory) // 4:]
        if not report.must(len(steady) > 4, f"{name}: memory was looked at {len(memory)} times"):
            continue
        report.must(max(steady) - steady[0] <= 32 * 1024,
                    f"{name}: memory grew from {steady[0]} to {max(steady)} KiB")
        costs[source] = cost(facts, "paced") - quiet["paced"]
        full = ""
        if "full" in facts:
            nanos, drops, _ = facts["full"]
            full = (f" and {(cost(facts, 'full') - quiet['full']) / 1000:.1f} us at full speed"
                    f" ({drops} in {nanos / 1e9:.1f} s: {drops / nanos * 1e9:.0f}/s)")
            report.cells.setdefault(f"storm of {drops:,}", {})[source] = f"✓ off by {off:.4%}"
        report.facts.append(
            f"storm {source}: {hits} drops counted; recorded {capture.packets}, lost "
            f"{losses['ring']} ring, {losses['rate']} rate, {losses['recursion']} recursion "
            f"(stopped for {facts['stopped'][1]} of them); off by {accounted - hits} ({off:.4%}); "
            f"memory {steady[0] // 1024} to {max(steady) // 1024} MiB of {len(memory)} samples; "
            f"{costs[source] / 1000:.1f} us CPU more for each slow drop than without a probe{full}; "
            f"capture says {end['cpu'] / 1e9:.1f} s CPU; "
            f"file {(folder / f'{name}.drops.pcapng').stat().st_size >> 20} MiB")
        report.cells.setdefault("storm: seen + lost = counted", {})[source] = f"✓ off by {off:.4%}"
    if (folder / "bpftrace").exists():
        facts = numbers(folder / "bpftrace")
        hits, lines = facts["hits"][0], facts.get("lines", [0])[0]
        theirs = cost(facts, "paced") - quiet["paced"]
        report.facts.append(
            f"storm bpftrace: {hits} drops, wrote {lines}, lost {facts.get('lost', [0])[0]}; "
            f"{theirs / 1000:.1f} us CPU more each")
        # What it did not write, it may have left undone: then there is nothing to compare with.
        if report.must(lines >= 0.99 * hits, f"bpftrace wrote {lines} of {hits}: its cost is unknown"):
            for source, ours in costs.items():
                ratio = ours / theirs
                report.facts.append(f"cost of a drop beside bpftrace, {source}: {ratio:.2f}")
                if source == "bpf":
                    report.must(ratio <= 0.6, f"a drop costs {ratio:.2f} of what bpftrace takes")
                report.cells.setdefault("storm: cost beside bpftrace", {})[source] = f"✓ {ratio:.2f}"
