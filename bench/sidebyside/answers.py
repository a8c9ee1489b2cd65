"""Reads what symbolizers print, and counts where two of them say the same.

An answer is a chain of frames (function, file, line), innermost first; no chain means no answer.
Left out of the comparison: columns and discriminators, which not every tool prints; suffixes that
compilers give to clones (.isra.0, .cold), since tools differ in whether they name the symbol or the
function; and how much of a path is printed, as long as one is the end of the other.
"""

import itertools
import os
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Iterator, Optional, Tuple

Frame = Tuple[str, str, int]
Chain = Tuple[Frame, ...]

CLONE = re.compile(r"\.(isra|constprop|part|cold|llvm|lto_priv|localalias)\b.*")
AFTER_LINE = re.compile(r":(\d+|\?)(:\d+)?( \(discriminator \d+\))?$")
GSYM_FRAME = re.compile(r"(\S+)(?: \+ \d+)?(?: @ (.*?))?(?: \[inlined\])?$")
STACK_FRAME = re.compile(r"^\s+([0-9a-f]{16}) \S+\+\d+$")
SOURCE_LINE = re.compile(r"^\s+(?:\(inlined by\) )?([^\s(]+)(?:\(.*\))? at (\S.*)$")


@lru_cache(maxsize=1 << 16)
def function_name(name: str) -> str:
    return CLONE.sub("", name)


@lru_cache(maxsize=1 << 18)
def place(text: str) -> Tuple[str, int]:
    """Returns file and line of "file:line", "" and 0 for what is not known."""
    match = AFTER_LINE.search(text)
    if not match:
        return os.path.normpath(text), 0
    file = text[: match.start()]
    line = 0 if match.group(1) == "?" else int(match.group(1))
    return ("" if file == "??" else os.path.normpath(file)), line


def frame(name: str, where: str) -> Frame:
    return (function_name(name), *place(where))


def known(frames) -> Chain:
    """Returns the chain, or an empty one when nothing in it is known."""
    chain = tuple(frames)
    return chain if any(name != "??" or file for name, file, _ in chain) else ()


def gnu(path: Path) -> Iterator[Chain]:
    """What addr2line -afi prints, and everything that imitates it."""
    with open(path, encoding="utf-8", errors="replace") as lines:
        frames, name = None, None
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("0x") and name is None:
                if frames is not None:
                    yield known(frames)
                frames = []
            elif frames is None or not line:
                continue
            elif name is None:
                name = line.split(" inlined at ")[0]
            else:
                frames.append(frame(name, line))
                name = None
        if frames is not None:
            yield known(frames)


def gsymutil(path: Path) -> Iterator[Chain]:
    """What llvm-gsymutil prints for a lookup: an address with its first frame, then the others."""
    with open(path, encoding="utf-8", errors="replace") as lines:
        frames = None
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("0x"):
                if frames is not None:
                    yield known(frames)
                frames = []
                line = line.split(": ", 1)[1]
                if line.startswith("error:"):
                    continue
            elif not line.strip() or frames is None:
                continue
            match = GSYM_FRAME.match(line.strip())
            if match:
                frames.append(frame(match.group(1), match.group(2) or "??:0"))
        if frames is not None:
            yield known(frames)


def stacks(path: Path) -> Iterator[Tuple[int, Chain]]:
    """What dropsite symbolize adds beneath the frames of kstack(perf)."""
    with open(path, encoding="utf-8", errors="replace") as lines:
        address, frames = None, []
        for line in lines:
            asked = STACK_FRAME.match(line)
            if asked:
                if address is not None:
                    yield address, known(frames)
                address, frames = int(asked.group(1), 16), []
                continue
            added = SOURCE_LINE.match(line)
            if added and address is not None:
                frames.append(frame(added.group(1), added.group(2)))
        if address is not None:
            yield address, known(frames)


@dataclass(frozen=True)
class Agreement:
    """How often another tool says what dropsite says."""

    asked: int
    same: int
    names_differ: int
    only_ours: int
    only_theirs: int
    bare_name: int
    differ: int

    def __str__(self) -> str:
        parts = [f"{self.same:,} of {self.asked:,} the same"]
        for count, meaning in (
            (self.names_differ, "with other function names"),
            (self.only_ours, "answered by dropsite alone"),
            (self.only_theirs, "answered by the other alone"),
            (self.bare_name, "where one knows a symbol's name and no line, the other nothing"),
            (self.differ, "different"),
        ):
            if count:
                parts.append(f"{count:,} {meaning}")
        return ", ".join(parts)


def verdict(ours: Optional[Chain], theirs: Optional[Chain]) -> str:
    if ours == theirs or not (ours or theirs):
        return "same"
    if not (ours and theirs) and not any(file for _, file, _ in ours or theirs or ()):
        return "bare_name"
    if not ours:
        return "only_theirs"
    if not theirs:
        return "only_ours"
    if len(ours) != len(theirs) or not all(map(same_place, ours, theirs)):
        return "differ"
    return "same" if [f[0] for f in ours] == [f[0] for f in theirs] else "names_differ"


def same_place(ours: Frame, theirs: Frame) -> bool:
    if ours[2] != theirs[2]:
        return False
    long, short = sorted((ours[1], theirs[1]), key=len, reverse=True)
    return long == short or long.endswith("/" + short)


def compare(ours: Iterator[Chain], theirs: Iterator[Chain]) -> Agreement:
    """Compares answer by answer; a tool that stops early has no answer to the rest."""
    counts = Counter(verdict(a, b) for a, b in itertools.zip_longest(ours, theirs))
    return agreement(counts)


def agreement(counts: Counter) -> Agreement:
    kinds = ("same", "names_differ", "only_ours", "only_theirs", "bare_name", "differ")
    return Agreement(sum(counts.values()), *(counts[kind] for kind in kinds))


def compare_texts(ours: Path, theirs: Path) -> Agreement:
    """Compares line by line, for tools that print the same format."""

    def lines(path):
        return (line for line in path.read_text(errors="replace").splitlines() if line)

    def judge(a, b):
        if a == b:
            return "same"
        return "only_ours" if b is None else "only_theirs" if a is None else "differ"

    pairs = itertools.zip_longest(lines(ours), lines(theirs))
    return agreement(Counter(judge(a, b) for a, b in pairs))
