"""The scenarios of the lab as data: reads scenarios.txt, and turns it into steps for the guest."""

import shlex
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
MACS = {"@a0": "02:00:00:00:0a:02", "@r0": "02:00:00:00:0a:01"}


def of_kernel(words: list[str], kernel: str) -> list[str]:
    """Words without those of other kernels: 6.1:X is X on 6.1 and nothing elsewhere."""
    kept = []
    for word in words:
        version, colon, value = word.partition(":")
        if not colon or not version[:1].isdigit():
            kept.append(word)
        elif version == kernel:
            kept.append(value)
    return kept


@dataclass
class Scenario:
    name: str
    words: dict[str, list[str]] = field(default_factory=dict)
    do: list[str] = field(default_factory=list)
    undo: list[str] = field(default_factory=list)

    def get(self, key: str, kernel: str = "") -> list[str]:
        return of_kernel(self.words.get(key, []), kernel)

    @property
    def drop_class(self) -> str:
        return self.words["class"][0]

    @property
    def packet(self) -> dict[str, str]:
        return dict(word.split("=", 1) for word in self.words["packet"])

    def count(self) -> int:
        return int(self.words.get("count", ["1"])[0])

    def negative(self, kernel: str) -> bool:
        return "none" in self.get("drops", kernel)


KEYS = {"class", "packet", "netns", "reason", "site", "via", "count", "drops", "wait", "skip"}


def read() -> list[Scenario]:
    """All scenarios in order."""
    found: list[Scenario] = []
    for number, line in enumerate((FOLDER / "scenarios.txt").read_text().splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            found.append(Scenario(line.strip("[]")))
            continue
        key, _, rest = line.partition(" ")
        rest = rest.strip()
        if key in ("do", "undo"):
            for token, mac in MACS.items():
                rest = rest.replace(token, mac)
            getattr(found[-1], key).append(rest)
        elif key in KEYS:
            found[-1].words[key] = rest.split()
        else:
            raise SystemExit(f"scenarios.txt:{number}: what is {key}?")
    return found


def steps(chosen: list[Scenario]) -> str:
    """What the guest does, as a script of the words that guest/scenarios.sh knows."""
    lines = []
    for s in chosen:
        lines.append(f"begin {s.name}")
        lines += [f"step {shlex.quote(c)}" for c in s.do]
        lines.append(f"finish {s.words.get('wait', ['0.15'])[0]}")
        lines += [f"restore {shlex.quote(c)}" for c in s.undo]
    return "\n".join(lines) + "\n"
