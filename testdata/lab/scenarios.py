"""The scenarios of the lab as data: reads them, and turns them into steps for the guest."""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import frames

FOLDER = Path(__file__).resolve().parent
# Suites whose scenarios stand before the recording starts; each has a file of its name.
STANDING = ("explain", "later", "hostile")


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
    arrange: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    innocent: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)

    def get(self, key: str, kernel: str = "") -> list[str]:
        return of_kernel(self.words.get(key, []), kernel)

    @property
    def drop_class(self) -> str:
        return self.words["class"][0]

    @property
    def recording(self) -> str:
        return self.words["record"][0]

    @property
    def packet(self) -> dict[str, str]:
        return dict(word.split("=", 1) for word in self.words["packet"])

    def count(self) -> int:
        return int(self.words.get("count", ["1"])[0])

    def negative(self, kernel: str) -> bool:
        return "none" in self.get("drops", kernel)


KEYS = {"class", "packet", "netns", "reason", "site", "via", "count", "drops", "wait", "skip", "record",
        "link", "accept"}


def rule(verdict: str, rest: str) -> str:
    """A rule of a saver's family: its host, its program, and what it takes."""
    return f"rule {verdict} {rest}"


def nft(verdict: str, rest: str) -> str:
    """A rule of nf_tables: host, family, table, chain, and what stands in it."""
    host, family, table, chain, words = rest.split(None, 4)
    return f"nftrule {verdict} {host} {family} {table} {chain} {shlex.quote(words)}"


def read(suite: str = "scenarios") -> list[Scenario]:
    """All scenarios of a suite in order."""
    found: list[Scenario] = []
    for number, line in enumerate((FOLDER / f"{suite}.txt").read_text().splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            found.append(Scenario(line.strip("[]")))
            continue
        key, _, rest = line.partition(" ")
        rest = rest.strip()
        if key in ("do", "undo", "set", "rule", "rule!", "nft", "nft!"):
            rest = frames.filled(re.sub(r"@(\w+)", lambda m: frames.MACS.get(m[1], m[0]), rest)
                                 if "@{" not in rest else rest)
        if key in ("do", "undo"):
            getattr(found[-1], key).append(rest)
        elif key == "set":
            found[-1].arrange.append(rest)
        elif key in ("rule", "rule!"):
            found[-1].arrange.append(rule("names" if key.endswith("!") else "innocent", rest))
        elif key in ("nft", "nft!"):
            found[-1].arrange.append(nft("names" if key.endswith("!") else "innocent", rest))
        elif key in ("names", "innocent", "moved"):
            getattr(found[-1], key).append(rest)
        elif key in KEYS:
            found[-1].words[key] = rest.split()
        else:
            raise SystemExit(f"{suite}.txt:{number}: what is {key}?")
    return found


def done(s: Scenario) -> list[str]:
    return [f"begin {s.name}", *(f"step {shlex.quote(c)}" for c in s.do),
            f"finish {s.words.get('wait', ['0.15'])[0]}"]


def undone(s: Scenario) -> list[str]:
    return [f"restore {shlex.quote(c)}" for c in s.undo]


def steps(chosen: list[Scenario]) -> str:
    """What the guest does, as a script of the words that guest/scenarios.sh knows."""
    return "\n".join(line for s in chosen for line in done(s) + undone(s)) + "\n"


def standing_steps(chosen: list[Scenario]) -> str:
    """As steps, recording by recording: all is arranged, then recorded, then undone."""
    lines = []
    for recording in dict.fromkeys(s.recording for s in chosen):
        of = [s for s in chosen if s.recording == recording]
        lines.append(f"hosts_of {recording}")
        for s in of:
            lines += [f"scenario={s.name}", *(f"arrange {shlex.quote(c)}" for c in s.arrange)]
        lines.append(f"record {recording}")
        lines += [line for s in of for line in done(s)]
        lines.append(f"recorded {recording}")
        lines += [line for s in of for line in undone(s)]
    return "\n".join(lines) + "\n"
