"""What is measured: each scenario fills one part of the document."""

import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence

from . import answers, inputs, plots
from .document import COST_HEADS, Goals, cells, table
from .elf import Elf
from .runner import Command, Outcome, Runner
from .tools import Question, Tool, Toolbox


@dataclass(frozen=True)
class Sizes:
    """How much is asked; --quick asks less."""

    addresses: Sequence[int]
    growth: Sequence[int]
    per_file: int
    stacks: int
    stack_repeats: Sequence[int]
    lookups: Sequence[int]
    checked: int
    files: int


FULL = Sizes(
    addresses=(10_000, 100_000, 1_000_000),
    growth=(1, 10, 100, 1_000, 10_000, 100_000, 1_000_000),
    per_file=10_000,
    stacks=10_000,
    stack_repeats=(10, 80),
    lookups=(1, 100_000, 1_000_000),
    checked=50_000,
    files=99,
)

QUICK = Sizes(
    addresses=(500, 2_000),
    growth=(1, 10, 100, 1_000),
    per_file=100,
    stacks=100,
    stack_repeats=(10,),
    lookups=(1, 2_000),
    checked=1_000,
    files=4,
)


@dataclass
class Bench:
    """What every scenario works with."""

    tools: Toolbox
    runner: Runner
    sizes: Sizes
    kernels: Path
    vmlinux: Path
    work: Path
    plots: Path
    seed: int
    long: bool

    def say(self, text: str) -> None:
        print(f"  {text}", file=sys.stderr, flush=True)

    def ask(self, path: Path, count: int, order: str = "shuffled") -> Question:
        elf = Elf(path)
        drawn = inputs.addresses(elf, count, self.seed)
        if order == "sorted":
            drawn.sort()
        written = inputs.write_addresses(self.work / f"addresses-{count}-{order}", drawn)
        return Question(path, elf.relocatable, drawn, written)

    def lookups(
        self, question: Question, tools: Sequence[Tool], runs: Optional[int] = None
    ) -> Dict[str, Outcome]:
        """Runs the tools that can answer in turn; returns what came of them by tool."""
        warm(question.file)
        commands = [tool.command(question) for tool in tools]
        outcomes = self.runner.in_turn([c for c in commands if c is not None], runs)
        return {outcome.command.tool: outcome for outcome in outcomes}

    def agreement(
        self, question: Question, outcomes: Dict[str, Outcome], peer: Tool
    ) -> Optional[answers.Agreement]:
        """Compares the answers; None where there is nothing to compare."""
        ours = outcomes[self.tools.ours.name]
        theirs = outcomes[peer.name]
        comparable = peer.reads is not None and peer.knows_sections(question)
        if ours.cost is None or theirs.cost is None or not comparable:
            return None
        return answers.compare(self.tools.ours.reads(ours.output), peer.reads(theirs.output))


def warm(path: Path) -> None:
    """Reads a file once, so that it is in the page cache."""
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 24):
            pass


def ratio(ours: Optional[Outcome], theirs: Optional[Outcome], what: str = "wall_seconds"):
    if ours is None or theirs is None or ours.cost is None or theirs.cost is None:
        return None
    return getattr(ours.cost, what) / getattr(theirs.cost, what)


def rows_of(
    bench: Bench,
    question: Question,
    outcomes: Dict[str, Outcome],
    peers: Sequence[Tool],
    about: str,
    notes: List[str],
) -> List[List[str]]:
    """Returns a table row per tool; what disagrees is told in the notes."""
    ours = outcomes[bench.tools.ours.name]
    rows = [[about, *cells(ours, ours), ""]]
    for peer in peers:
        outcome = outcomes.get(peer.name)
        if outcome is None:
            continue
        same = bench.agreement(question, outcomes, peer)
        rows.append([about, *cells(outcome, ours), share(same)])
        note(bench, notes, same, f"{about}, {peer.name}")
    return rows


def share(same: Optional[answers.Agreement]) -> str:
    if same is None or same.asked == 0:
        return "not compared"
    return f"{int(10_000 * same.same / same.asked) / 100:.2f} %"


def note(bench, notes: List[str], same: Optional[answers.Agreement], about: str) -> None:
    if same is not None:
        bench.say(f"answers, {about}: {same}")
        if same.same != same.asked:
            notes.append(f"* {about}: {same}.")


HEADS = ["Asked", *COST_HEADS, "Answers like dropsite's"]


def disagreements(notes: List[str]) -> List[str]:
    return ["", "Answers that are not the same:", "", *notes] if notes else []


def symbols(bench: Bench) -> List[str]:
    """One symbol and ten, the way people ask after an oops."""
    tools = bench.tools
    elf = Elf(bench.vmlinux)
    warm(bench.vmlinux)
    chosen = inputs.places(elf.functions(), 10, bench.seed)
    rows, notes, goals = [], [], Goals()
    for count in (1, 10):
        asked = chosen[:count]
        words = [f"{function.name}+{offset:#x}" for function, offset in asked]
        drawn = [function.address + offset for function, offset in asked]
        written = inputs.write_addresses(bench.work / f"symbols-{count}", drawn)
        question = Question(bench.vmlinux, False, drawn, written)
        ours = Command(
            "dropsite faddr2line",
            [tools.dropsite, "faddr2line", bench.vmlinux, *words],
            environment=tools.uncached,
        )
        commands = [ours, *cached(bench, "faddr2line", [bench.vmlinux, *words])]
        if tools.faddr2line:
            script = ["bash", tools.faddr2line, bench.vmlinux, *words]
            commands.append(Command("kernel's faddr2line", script))
        commands += [c for t in (tools.ours, *tools.peers) if (c := t.command(question))]
        bench.say(f"{count} symbol{'s' * (count > 1)}")
        outcomes = {o.command.tool: o for o in bench.runner.in_turn(commands)}
        first = outcomes["dropsite faddr2line"]
        about = f"{count} symbol{'s' * (count > 1)}"
        for name, outcome in outcomes.items():
            same = None
            peer = next((tool for tool in tools.peers if tool.name == name), None)
            if peer is not None:
                same = bench.agreement(question, outcomes, peer)
            elif name == "kernel's faddr2line" and outcome.cost and first.cost:
                same = answers.compare_texts(first.output, outcome.output)
            mine = name.startswith("dropsite")
            rows.append([about, *cells(outcome, first), "" if mine else share(same)])
            note(bench, notes, same, f"{about}, {name}")
        script = outcomes.get("kernel's faddr2line")
        if count == 1:
            goals.at_most(
                "One symbol: wall beside gimli's addr2line", 1.0,
                ratio(first, outcomes.get("gimli addr2line")),
            )
            goals.at_most(
                "One symbol: wall beside llvm-symbolizer (aim)", 1.0,
                ratio(first, outcomes.get("llvm-symbolizer")),
            )
        goals.at_least(
            f"{'One symbol' if count == 1 else 'Ten symbols'}: faster than the kernel's faddr2line",
            20 if count == 1 else 100,
            ratio(script, first),
        )
    return [*table(HEADS, rows, 2), *goals.lines(), *disagreements(notes)]


def cached(bench: Bench, command: str, words: Sequence) -> List[Command]:
    """Returns the same question with the index cache on, where ours has one."""
    if not bench.tools.index_cache(command):
        return []
    cache = bench.work / "index-cache"
    cache.mkdir(exist_ok=True)
    return [
        Command(
            f"dropsite {command}, index cache on",
            [bench.tools.dropsite, command, "--index-cache", *words],
            environment={"XDG_CACHE_HOME": str(cache)},
        )
    ]


def addresses(bench: Bench) -> List[str]:
    """Many addresses at once, sorted and shuffled."""
    tools = bench.tools
    rows, notes, goals = [], [], Goals()
    gone = set()
    for count in bench.sizes.addresses:
        for order in ("sorted", "shuffled"):
            question = bench.ask(bench.vmlinux, count, order)
            peers = [tool for tool in tools.peers if tool.name not in gone]
            bench.say(f"{count:,} addresses, {order}")
            outcomes = bench.lookups(question, [tools.ours, *peers])
            gone |= {name for name, outcome in outcomes.items() if outcome.failure}
            rows += rows_of(bench, question, outcomes, peers, f"{count:,}, {order}", notes)
            if order == "shuffled" and count == 100_000:
                ours, llvm = outcomes[tools.ours.name], outcomes.get("llvm-symbolizer")
                goals.at_most(
                    "100,000 addresses: wall beside llvm-symbolizer", 0.45, ratio(ours, llvm)
                )
                goals.at_most(
                    "100,000 addresses: peak memory beside llvm-symbolizer", 0.4,
                    ratio(ours, llvm, "peak_bytes"),
                )
    left_out = (
        ["", "A tool that failed or took too long once is not asked for more."] if gone else []
    )
    return [*table(HEADS, rows, 2), *left_out, *goals.lines(), *disagreements(notes)]


def growth_addresses(bench: Bench) -> List[str]:
    """Wall and memory over the number of addresses."""
    lines: Dict[str, plots.Points] = {}
    gone = set()
    for count in bench.sizes.growth:
        question = bench.ask(bench.vmlinux, count)
        peers = [tool for tool in bench.tools.peers if tool.name not in gone]
        bench.say(f"{count:,} addresses")
        outcomes = bench.lookups(question, [bench.tools.ours, *peers], runs=3)
        for name, outcome in outcomes.items():
            if outcome.cost is None or outcome.cost.wall_seconds > bench.runner.patience_seconds:
                gone.add(name)
            if outcome.cost is not None:
                point = (count, outcome.cost.wall_seconds, outcome.cost.peak_bytes)
                lines.setdefault(name, []).append(point)
    return growth(bench, "growth-addresses", "addresses asked for", "10^{%L}", lines)


def growth_files(bench: Bench) -> List[str]:
    """Wall and memory over the size of the file with debugging information."""
    fast = [bench.tools.ours] + [t for t in bench.tools.peers if t.name == "llvm-symbolizer"]
    fast += [t for t in bench.tools.peers if t.name == "gimli addr2line"]
    lines: Dict[str, plots.Points] = {}
    rows, notes = [], []
    for path in some(debug_files(bench.kernels), bench.sizes.files):
        megabytes = path.stat().st_size / 1e6
        question = bench.ask(path, bench.sizes.per_file)
        bench.say(f"{bench.sizes.per_file:,} addresses in {path.name}")
        outcomes = bench.lookups(question, fast, runs=3)
        rows += rows_of(bench, question, outcomes, fast[1:], f"{path.name}, {megabytes:.0f} MB", notes)
        for name, outcome in outcomes.items():
            if outcome.cost is not None:
                point = (megabytes, outcome.cost.wall_seconds, outcome.cost.peak_bytes)
                lines.setdefault(name, []).append(point)
    if not rows:
        return ["Not measured: no debug files as `testdata/kernels/fetch` lays them out."]
    drawn = growth(bench, "growth-files", "size of the file in MB", "%g", lines)
    about = f"{bench.sizes.per_file:,} addresses of .text, shuffled, in files of different sizes:"
    heads = ["File", *HEADS[1:]]
    told = (
        "Answers about modules (.ko) are compared only with tools that can be told the section:"
        " all sections of a module start at address 0."
    )
    return [*drawn, "", about, "", *table(heads, rows, 2), "", told, *disagreements(notes)]


def some(paths: List[Path], most: int) -> List[Path]:
    """Returns at most so many, evenly drawn, the first and the last among them."""
    if len(paths) <= most:
        return paths
    return [paths[i * (len(paths) - 1) // (most - 1)] for i in range(most)]


def debug_files(kernels: Path) -> List[Path]:
    """Returns modules and images of all sizes that the directory has, by size."""
    names = ("nf_tables.ko", "kvm.ko", "btrfs.ko", "mlx5_core.ko")
    modules = [
        path
        for series in ("6.1", "6.12")
        for name in names
        for path in sorted((kernels / series).glob(f"usr/lib/debug/lib/modules/*/**/{name}"))
    ]
    images = sorted(kernels.glob("*/usr/lib/debug/boot/vmlinux-*"))
    return sorted(modules + images, key=lambda path: path.stat().st_size)


def growth(bench: Bench, name: str, label: str, x_format: str, lines) -> List[str]:
    path = bench.plots / f"performance-{name}.svg"
    problem = plots.draw(path, label, x_format, lines)
    if problem:
        bench.say(f"no plot: {problem}")
        return [f"(No plot: {problem}.)"]
    return [f"![Wall time and peak memory over {label}]({path.name})"]


def gsym(bench: Bench) -> List[str]:
    """Building a GSYM file and looking up in it."""
    tools = bench.tools
    if not tools.has_command("index"):
        bench.say("skipped: this dropsite has no command 'index' yet")
        return ["Not measured: this dropsite has no command `index`."]
    if tools.gsymutil is None:
        bench.say("skipped: llvm-gsymutil is not on PATH")
        return ["Not measured: llvm-gsymutil was not there to compare with."]
    goals, notes = Goals(), []
    own, other = bench.work / "own.gsym", bench.work / "other.gsym"
    warm(bench.vmlinux)
    bench.say("building")
    build = bench.runner.in_turn([
        Command(
            "dropsite",
            [tools.dropsite, "index", "--gsym-only", bench.vmlinux, "-o", own],
            before=lambda: own.unlink(missing_ok=True),
        ),
        Command(
            "llvm-gsymutil",
            [tools.gsymutil.path, "--quiet", f"--convert={bench.vmlinux}", f"--out-file={other}"],
            before=lambda: other.unlink(missing_ok=True),
        ),
        Command(
            "dropsite, with sidecar",
            [tools.dropsite, "index", bench.vmlinux, "-o", bench.work / "sidecar.gsym"],
        ),
    ])
    rows = [["build", *cells(outcome, build[0]), ""] for outcome in build]
    goals.at_most("Building: wall beside llvm-gsymutil", 0.7, ratio(*build[:2]))
    goals.at_most(
        "Building: peak memory beside llvm-gsymutil", 0.5, ratio(*build[:2], "peak_bytes")
    )
    if any(outcome.cost is None for outcome in build):
        return [*table(HEADS, rows, 2), *goals.lines()]
    walls: Dict[int, float] = {}
    for count in bench.sizes.lookups:
        bench.say(f"{count:,} lookups")
        outcomes = gsym_lookups(bench, count, own, other)
        compared = answers.compare(
            answers.gnu(outcomes[0].output), answers.gsymutil(outcomes[1].output)
        )
        about = f"{count:,} lookup{'s' * (count > 1)}, each in its own file"
        rows.append([about, *cells(outcomes[0], outcomes[0]), ""])
        rows.append([about, *cells(outcomes[1], outcomes[0]), share(compared)])
        note(bench, notes, compared, f"{about}, llvm-gsymutil")
        if outcomes[0].cost:
            walls[count] = outcomes[0].cost.wall_seconds
        if count >= 100_000:
            limit = 1.0 if count == 100_000 else 0.4
            goals.at_most(f"{count:,} lookups: wall beside llvm-gsymutil", limit, ratio(*outcomes))
    counts = sorted(count for count in walls if count >= 100_000)
    if len(counts) > 1 and walls[counts[-1]] > walls[counts[-2]]:
        rate = (counts[-1] - counts[-2]) / (walls[counts[-1]] - walls[counts[-2]])
        goals.at_least(
            f"Lookups once started ({counts[-2]:,} to {counts[-1]:,}), a second", 2e6, rate, ""
        )
    sizes = (
        f"File written by dropsite: {own.stat().st_size / 1e6:.1f} MB; by llvm-gsymutil:"
        f" {other.stat().st_size / 1e6:.1f} MB."
    )
    checks = gsym_checks(bench, own)
    return [
        *table(HEADS, rows, 2), "", sizes, "", *checks, *goals.lines(), *disagreements(notes)
    ]


def gsym_lookups(bench: Bench, count: int, own: Path, other: Path) -> List[Outcome]:
    """Asks ours about our file and theirs about their file."""
    question = bench.ask(bench.vmlinux, count)
    in_own = Question(own, False, question.addresses, question.input)
    commands = [bench.tools.ours.command(in_own), gsymutil_command(bench, question, other)]
    return bench.runner.in_turn(commands)


def gsymutil_command(bench: Bench, question: Question, file: Path) -> Command:
    asked = inputs.write_lines(
        bench.work / "gsymutil-input", (f"{address:#x} {file}" for address in question.addresses)
    )
    return Command("llvm-gsymutil", [bench.tools.gsymutil.path, "--addresses-from-stdin"], asked)


def gsym_checks(bench: Bench, own: Path) -> List[str]:
    """Holds our file to llvm-gsymutil's reading of it and to the DWARF it was made from."""
    question = bench.ask(bench.vmlinux, bench.sizes.checked)
    bench.say(f"checking {bench.sizes.checked:,} answers and a full dump")
    reads = [
        bench.tools.ours.command(Question(own, False, question.addresses, question.input)),
        gsymutil_command(bench, question, own),
        bench.tools.ours.command(question),
        Command("dump by llvm-gsymutil", [bench.tools.gsymutil.path, own]),
    ]
    index, theirs, dwarf, dump = bench.runner.in_turn(reads, runs=1)
    failed = [o for o in (index, theirs, dwarf, dump) if o.cost is None]
    if failed:
        return [f"The file could not be checked: {failed[0].command.tool}: {failed[0].failure}."]
    by_gsymutil = answers.compare(answers.gnu(index.output), answers.gsymutil(theirs.output))
    by_dwarf = answers.compare(answers.gnu(index.output), answers.gnu(dwarf.output))
    with open(dump.output, encoding="utf-8", errors="replace") as lines:
        errors = sum(1 for line in lines if re.search(r"\berror\b:", line))
    return [
        f"* Our file read by us and by llvm-gsymutil: {by_gsymutil}.",
        f"* Our file and the DWARF it was made from: {by_dwarf}.",
        f"* Errors that llvm-gsymutil reports in a full dump of our file: {errors}.",
    ]


def stacks(bench: Bench) -> List[str]:
    """Stack dumps through symbolize: speed once started, and memory as input grows."""
    tools = bench.tools
    elf = Elf(bench.vmlinux)
    warm(bench.vmlinux)
    among = inputs.places(elf.functions(), 2_000, bench.seed)
    count = bench.sizes.stacks
    text = inputs.write_stacks(bench.work / "stacks.txt", among, count, bench.seed)
    words = [tools.dropsite, "symbolize", "--vmlinux", bench.vmlinux]
    cache_off = ["--no-index-cache"] if tools.index_cache("symbolize") else []
    once = Command(
        "dropsite symbolize", [*words, *cache_off], text,
        environment=tools.uncached, exit_codes=(0, 1),
    )
    commands = [once]
    for with_cache in cached(bench, "symbolize", ["--vmlinux", bench.vmlinux]):
        commands.append(
            Command(
                with_cache.tool, with_cache.argv, text,
                environment=with_cache.environment, exit_codes=(0, 1),
            )
        )
    llvm = next((tool for tool in tools.peers if tool.name == "llvm-symbolizer"), None)
    frames = [address - 1 for address in stack_addresses(text)]
    plain = inputs.write_addresses(bench.work / "stacks-addresses", frames)
    if llvm is not None:
        reference = llvm.command(Question(bench.vmlinux, False, frames, plain))
        commands.append(Command("llvm-symbolizer, bare addresses", reference.argv, plain))
    bench.say(f"{count:,} stacks, {len(frames):,} frames")
    outcomes = bench.runner.in_turn(commands)
    megabytes = text.stat().st_size / 1e6
    about = f"{count:,} stacks, {megabytes:.1f} MB"
    rows = [[about, *cells(outcome, outcomes[0])] for outcome in outcomes]
    compared, notes = None, []
    if llvm is not None and outcomes[0].cost and outcomes[-1].cost:
        compared = compare_stacks(outcomes[0].output, outcomes[-1].output, frames)
        note(bench, notes, compared, f"{about}, llvm-symbolizer")
        notes = [f"Frames as llvm-symbolizer answers their addresses: {compared}."]
    growing = list(bench.sizes.stack_repeats)
    if bench.long:
        growing.append(int(10_000 / megabytes) + 1)
    goals = Goals()
    costs = {1: outcomes[0].cost}
    for times in growing:
        bench.say(f"the same text {times:,} times, {times * megabytes:,.0f} MB")
        command = Command(
            "dropsite symbolize", once.argv, text, repeat=times,
            environment=tools.uncached, exit_codes=(0, 1), keep_output=False,
        )
        (outcome,) = bench.runner.in_turn([command], runs=1 if times > 100 else 3)
        rows.append([f"{times:,} times that, {times * megabytes:,.0f} MB", *cells(outcome, outcomes[0])])
        costs[times] = outcome.cost
    most = max(times for times, cost in costs.items() if cost is not None or times == 1)
    if costs[most] and costs[1] and most > 1:
        seconds = costs[most].wall_seconds - costs[1].wall_seconds
        rate = (most - 1) * megabytes / seconds if seconds > 0 else None
        goals.at_least("Input once started", 100, rate, " MB/s")
        if most > growing[0] and costs[growing[0]]:
            goals.at_most(
                f"Peak memory at {most:,} times the input beside {growing[0]:,} times",
                1.1, costs[most].peak_bytes / costs[growing[0]].peak_bytes,
            )
    heads = ["Input", *COST_HEADS]
    told = (
        "Repeated input comes through a pipe and the output goes to /dev/null;"
        " otherwise both are files."
    )
    return [*table(heads, rows, 2), "", told, *goals.lines(), "", *notes]


def stack_addresses(text: Path) -> List[int]:
    with open(text, encoding="ascii") as lines:
        return [int(line.split(None, 1)[0], 16) for line in lines if line.startswith("\t")]


def compare_stacks(ours: Path, theirs: Path, frames: Sequence[int]) -> answers.Agreement:
    expected = dict(zip(frames, answers.gnu(theirs)))
    counts = Counter(
        answers.verdict(chain, expected.get(address - 1, ()))
        for address, chain in answers.stacks(ours)
    )
    return answers.agreement(counts)


ALL = {
    "symbols": symbols,
    "addresses": addresses,
    "growth-addresses": growth_addresses,
    "growth-files": growth_files,
    "gsym": gsym,
    "stacks": stacks,
}
