"""Which symbolizers are there, and how each is asked."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Optional, Sequence

from . import answers
from .runner import Command

# Up to so many addresses are given as arguments, the way a person asks; more on stdin.
MOST_ARGUMENTS = 10

# What blazecli takes: it has no other way in than arguments, of which Linux allows 6 MB.
MOST_BLAZE_ARGUMENTS = 100_000


@dataclass(frozen=True)
class Question:
    """Addresses to look up in one file."""

    file: Path
    relocatable: bool
    addresses: Sequence[int]
    input: Path

    def arguments(self) -> List[str]:
        few = len(self.addresses) <= MOST_ARGUMENTS
        return [f"{address:#x}" for address in self.addresses] if few else []

    def stdin(self) -> Optional[Path]:
        return None if self.arguments() else self.input


@dataclass(frozen=True)
class Tool:
    """A symbolizer that answers addresses.

    words makes the command line without the addresses, or None when the tool cannot answer;
    reads parses its output, or is None where that has never been tried.
    """

    name: str
    version: str
    words: Callable[[Question], Optional[List[str]]]
    reads: Optional[Callable[[Path], Iterator[answers.Chain]]] = answers.gnu
    only_arguments: bool = False
    environment: Dict[str, str] = field(default_factory=dict)

    def knows_sections(self, question: Question) -> bool:
        """Returns whether the tool is told which section of a relocatable file is meant."""
        return not question.relocatable or "-j" in (self.words(question) or [])

    def command(self, question: Question) -> Optional[Command]:
        words = self.words(question)
        if words is None:
            return None
        if self.only_arguments:
            words = words + [f"{address:#x}" for address in question.addresses]
            return Command(self.name, words, many_arguments=True)
        return Command(
            self.name,
            words + question.arguments(),
            question.stdin(),
            environment=self.environment,
        )


@dataclass(frozen=True)
class Program:
    path: str
    version: str


class Toolbox:
    """What was found on this machine."""

    def __init__(
        self,
        dropsite: Path,
        faddr2line: Optional[Path],
        empty_cache: Path,
        beside: Dict[str, Path],
    ):
        self.dropsite = dropsite
        self.missing: List[str] = []
        # An index cache that somebody filled before must not help.
        self.uncached = {"XDG_CACHE_HOME": str(empty_cache)}
        self.ours = Tool(
            "dropsite",
            self._ask([str(dropsite), "--version"]),
            lambda q: self._addr2line(str(dropsite), q),
            environment=self.uncached,
        )
        self.peers: List[Tool] = [self._other(name, path) for name, path in beside.items()]
        self._find_llvm()
        self._find_addr2lines()
        self._find_elfutils()
        self._find_blazecli()
        self.gsymutil = self._find(["llvm-gsymutil-22", "llvm-gsymutil"], "llvm-gsymutil")
        self.faddr2line = faddr2line if faddr2line and faddr2line.is_file() else None
        if self.faddr2line is None:
            self.missing.append("the kernel's scripts/faddr2line (give it with --faddr2line)")
        self.java = self._java()

    def describe(self) -> List[str]:
        """Returns a line on each tool that was found."""
        found = [f"{tool.name}: {tool.version}" for tool in (self.ours, *self.peers)]
        if self.gsymutil:
            found.append(f"llvm-gsymutil: {self.gsymutil.version}")
        if self.faddr2line:
            found.append(f"faddr2line: {self.faddr2line_release()}, with binutils' addr2line")
        return found + ([f"Java of dropsite: {self.java}"] if self.java else [])

    def faddr2line_release(self) -> str:
        tree = self.faddr2line.resolve().parents[1].name
        return f"the script of {tree}" if tree.startswith("linux") else "the kernel's script"

    def has_command(self, name: str) -> bool:
        """Returns whether our help lists a command."""
        said = self._run([str(self.dropsite), "--help"]).stdout
        return re.search(rf"^  {name}  ", said, re.MULTILINE) is not None

    def index_cache(self, command: str) -> bool:
        """Returns whether a command of ours says that it knows an index cache."""
        return "index-cache" in self._run([str(self.dropsite), command, "--help"]).stdout

    def _other(self, name: str, launcher: Path) -> Tool:
        """Returns another build of ours, to see what a change brought."""
        return Tool(
            f"dropsite {name}",
            self._ask([str(launcher), "--version"]),
            lambda q: self._addr2line(str(launcher), q),
            environment=self.uncached,
        )

    def _find_llvm(self) -> None:
        program = self._find(["llvm-symbolizer-22", "llvm-symbolizer"], "llvm-symbolizer")
        if program:
            # Demangling costs it a little, and nobody else is asked to.
            options = ["--output-style=GNU", "--no-demangle", "-a", "-f", "-i"]
            self.peers.append(
                Tool(
                    "llvm-symbolizer",
                    program.version,
                    lambda q: [program.path, *options, f"--obj={q.file}"],
                )
            )

    def _find_addr2lines(self) -> None:
        """Finds binutils' and gimli's addr2line, which are called the same."""
        seen = {}
        for directory in os.get_exec_path():
            for name in ("addr2line", "gimli-addr2line"):
                path = os.path.join(directory, name)
                if os.access(path, os.X_OK) and not os.path.isdir(path):
                    version = self._ask([path, "--version"])
                    kind = (
                        "binutils addr2line"
                        if "Binutils" in version
                        else "gimli addr2line"
                        if re.match(r"(gimli-)?addr2line \d", version)
                        else None
                    )
                    if kind and kind not in seen:
                        seen[kind] = Program(path, version)
        for kind in ("gimli addr2line", "binutils addr2line"):
            program = seen.get(kind)
            if program is None:
                self.missing.append(kind)
            elif kind.startswith("gimli"):
                self.peers.append(
                    Tool(
                        kind,
                        program.version,
                        lambda q, path=program.path: None
                        if q.relocatable
                        else [path, "-afi", "-e", str(q.file)],
                    )
                )
            else:
                self.peers.append(
                    Tool(
                        kind,
                        program.version,
                        lambda q, path=program.path: self._addr2line_words(path, q),
                    )
                )

    def _find_elfutils(self) -> None:
        program = self._find(["eu-addr2line"], "eu-addr2line")
        if program:
            self.peers.append(
                Tool(
                    "eu-addr2line",
                    program.version,
                    lambda q: self._addr2line_words(program.path, q),
                )
            )

    def _find_blazecli(self) -> None:
        program = self._find(["blazecli"], "blazecli")
        if program:
            self.peers.append(
                Tool(
                    "blazecli",
                    program.version,
                    lambda q: None
                    if q.relocatable or len(q.addresses) > MOST_BLAZE_ARGUMENTS
                    else [program.path, "symbolize", "elf", "--path", str(q.file)],
                    reads=None,
                    only_arguments=True,
                )
            )

    @staticmethod
    def _addr2line(dropsite: str, question: Question) -> List[str]:
        words = Toolbox._addr2line_words(dropsite, question)
        return [words[0], "addr2line", *words[1:]]

    @staticmethod
    def _addr2line_words(path: str, question: Question) -> List[str]:
        section = ["-j", ".text"] if question.relocatable else []
        return [path, "-afi", "-e", str(question.file), *section]

    def _find(self, names: Sequence[str], called: str) -> Optional[Program]:
        for name in names:
            path = shutil.which(name)
            if path:
                return Program(path, self._ask([path, "--version"]))
        self.missing.append(called)
        return None

    def _java(self) -> str:
        """Returns the Java that the launcher starts: its ahead-of-time cache has it in its name."""
        caches = sorted(self.dropsite.resolve().parent.glob("analyze/target/dropsite-*.aot"))
        return caches[-1].stem.split("-", 1)[1] if caches else ""

    def _ask(self, words: Sequence[str]) -> str:
        """Returns the line of a program's --version that has a number in it."""
        said = self._run(words)
        lines = [line.strip() for line in (said.stdout + said.stderr).splitlines()]
        numbered = [line for line in lines if re.search(r"\d\.\d", line)]
        return numbered[0] if numbered else (lines[0] if lines else "no version")

    @staticmethod
    def _run(words: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
