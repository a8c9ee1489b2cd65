"""The parts of docs/performance.md that are written by this program, between markers."""

import os
import platform
import re
from pathlib import Path
from typing import Iterable, List, Sequence

from .runner import Outcome


class Document:
    """A Markdown file; everything outside of the markers is left as it is."""

    def __init__(self, template: Path, path: Path):
        self.path = path
        self._text = (path if path.exists() else template).read_text(encoding="utf-8")

    def replace(self, name: str, lines: Iterable[str]) -> None:
        begin = f"<!-- bench/peers writes: {name} -->"
        end = f"<!-- end of {name} -->"
        part = "\n".join([begin, "", *lines, "", end])
        pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
        if not pattern.search(self._text):
            raise ValueError(f"{self.path.name} has no place for {name}: {begin} … {end}")
        self._text = pattern.sub(lambda _: part, self._text)
        self.path.write_text(self._text, encoding="utf-8")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> List[str]:
    """Returns a table; the first columns are texts, the others numbers."""
    marks = ["---"] * texts + ["--:"] * (len(heads) - texts)
    return [f"| {' | '.join(row)} |" for row in (heads, marks, *rows)]


def cells(outcome: Outcome, reference: Outcome) -> List[str]:
    """Returns tool, wall, CPU, peak memory and the ratio of wall to the reference's."""
    name = outcome.command.tool
    cost = outcome.cost
    if cost is None:
        return [name, outcome.failure, "", "", ""]
    once = " (1 run)" if cost.runs == 1 else ""
    ratio = (
        f"{cost.wall_seconds / reference.cost.wall_seconds:.2f}" if reference.cost else ""
    )
    return [
        name,
        f"{cost.wall_seconds:.3f}{once}",
        f"{cost.cpu_seconds:.3f}",
        f"{cost.peak_bytes / 1e6:.0f}",
        ratio,
    ]


COST_HEADS = ["Tool", "Wall s", "CPU s", "Peak MB", "Wall, dropsite = 1"]


class Goals:
    """Which goals were met; a goal is an upper or a lower limit of one number."""

    def __init__(self):
        self._rows: List[List[str]] = []

    def at_most(self, what: str, limit: float, value, unit: str = "×") -> None:
        self._add(what, "at most", limit, value, unit, value is not None and value <= limit)

    def at_least(self, what: str, limit: float, value, unit: str = "×") -> None:
        self._add(what, "at least", limit, value, unit, value is not None and value >= limit)

    def _add(self, what, relation, limit, value, unit, met) -> None:
        measured = "not measured" if value is None else f"{value:.3g}{unit}"
        verdict = "" if value is None else ("met" if met else "**not met**")
        self._rows.append([what, f"{relation} {limit:g}{unit}", measured, verdict])

    def lines(self) -> List[str]:
        if not self._rows:
            return []
        return ["", *table(["Goal", "Wanted", "Measured", ""], self._rows)]


def machine() -> List[str]:
    """Describes this machine without naming it."""
    processor = "unknown processor"
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as lines:
        for line in lines:
            if line.startswith("model name"):
                processor = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo", encoding="ascii") as lines:
        total_kib = int(lines.readline().split()[1])
    system = "Linux"
    try:
        system = platform.freedesktop_os_release().get("PRETTY_NAME", system)
    except (AttributeError, OSError):
        pass
    return [
        f"{os.cpu_count()} processors ({processor}), {total_kib / 1048576:.0f} GiB of memory",
        f"{system}, kernel {platform.release()}",
        f"load before the first run {os.getloadavg()[0]:.1f}",
    ]
