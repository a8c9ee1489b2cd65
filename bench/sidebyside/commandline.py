"""Arguments in, scenarios run, document written."""

import argparse
import os
import shutil
import sys
from datetime import date
from pathlib import Path

from . import plots, scenarios
from .document import Document, machine
from .runner import Runner
from .tools import Toolbox

ROOT = Path(__file__).resolve().parents[2]

DESCRIPTION = """\
Runs dropsite and whatever other symbolizers are on PATH in turn on the same input, compares their
answers, and writes tables and plots into docs/performance.md. Installs nothing. Kernels come from
testdata/kernels/fetch DIRECTORY."""


def arguments(words):
    parser = argparse.ArgumentParser(
        prog="bench/peers",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kernels", type=Path, required=True, metavar="DIR",
                        help="where testdata/kernels/fetch put the kernels")
    parser.add_argument("--vmlinux", type=Path, metavar="FILE",
                        help="the kernel that is asked (default: that of the set 6.1)")
    parser.add_argument("--faddr2line", type=Path, metavar="FILE",
                        help="the kernel's script (default: that of the set src61)")
    parser.add_argument("--only", action="append", choices=list(scenarios.ALL), metavar="NAME",
                        help="run this scenario only, and leave the other parts of the document"
                        " as they are; may be repeated: " + ", ".join(scenarios.ALL))
    parser.add_argument("--runs", type=int, default=None, help="runs that count (default 5)")
    parser.add_argument("--seed", type=int, default=1, help="what is drawn (default 1)")
    parser.add_argument("--patience", type=float, default=30, metavar="SECONDS",
                        help="what takes longer is run once only (default 30)")
    parser.add_argument("--limit", type=float, default=600, metavar="SECONDS",
                        help="what takes longer is stopped (default 600)")
    parser.add_argument("--quick", action="store_true",
                        help="little input, two runs: to try the script. Writes target/bench,"
                        " never docs")
    parser.add_argument("--long", action="store_true",
                        help="also 10 GB of stacks (some minutes)")
    parser.add_argument("--output", type=Path, metavar="FILE",
                        help="the document (default: docs/performance.md)")
    parser.add_argument("--dropsite", type=Path, default=ROOT / "dropsite", metavar="FILE",
                        help="the launcher that is measured (default: that of this tree)")
    parser.add_argument("--beside", action="append", default=[], metavar="NAME=FILE",
                        help="another build's launcher, measured like a peer: what a change"
                        " brought; may be repeated")
    options = parser.parse_args(words)
    for named in options.beside:
        if not Path(named.partition("=")[2]).is_file():
            parser.error(f"--beside wants NAME=FILE with a launcher: {named}")
    return options


def main(words=None) -> int:
    options = arguments(words)
    vmlinux = options.vmlinux or newest(options.kernels, "6.1/usr/lib/debug/boot/vmlinux-*")
    if vmlinux is None or not vmlinux.is_file():
        say("bench/peers: no vmlinux: run testdata/kernels/fetch DIR 6.1, or give --vmlinux")
        return 2
    script = options.faddr2line or newest(
        options.kernels, "src61/linux-source-*/scripts/faddr2line"
    )
    work = ROOT / "target" / "bench"
    shutil.rmtree(work / "runs", ignore_errors=True)
    for name in ("runs", "inputs", "empty-cache"):
        (work / name).mkdir(parents=True, exist_ok=True)
    output = options.output or (
        work / "performance.md" if options.quick else ROOT / "docs" / "performance.md"
    )
    beside = {n: Path(f).resolve() for n, _, f in (b.partition("=") for b in options.beside)}
    tools = Toolbox(options.dropsite.resolve(), script, work / "empty-cache", beside)
    for line in tools.describe():
        say(f"found {line}")
    for name in tools.missing:
        say(f"not found, so not measured: {name}")
    if not plots.available():
        say("gnuplot is not installed: no plots will be drawn")
    if os.getloadavg()[0] > 0.5:
        say(f"this machine is busy (load {os.getloadavg()[0]:.1f}): figures will be worth little")
    runs = options.runs or (2 if options.quick else 5)
    bench = scenarios.Bench(
        tools=tools,
        runner=Runner(work / "runs", runs, options.patience, options.limit),
        sizes=scenarios.QUICK if options.quick else scenarios.FULL,
        kernels=options.kernels.resolve(),
        vmlinux=vmlinux.resolve(),
        work=work / "inputs",
        plots=output.parent,
        seed=options.seed,
        long=options.long,
    )
    document = Document(ROOT / "docs" / "performance.md", output)
    document.replace("machine", about(bench, runs))
    for name in options.only or scenarios.ALL:
        say(name)
        lines = scenarios.ALL[name](bench)
        document.replace(name, [f"Measured {date.today()}.", "", *lines])
        print("\n".join([f"## {name}", "", *lines, ""]), flush=True)
        clear(work / "runs")
    say(f"written: {os.path.relpath(output)}")
    return 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def about(bench, runs):
    tools = bench.tools
    lines = [*machine(), *tools.describe()]
    lines.append(f"{bench.vmlinux.name}, {bench.vmlinux.stat().st_size / 1e6:.0f} MB")
    lines.append(f"medians of {runs} runs after one to warm up, seed {bench.seed}")
    if tools.missing:
        lines.append("not found, so not measured: " + ", ".join(tools.missing))
    return [f"* {line}" for line in lines]


def newest(directory: Path, pattern: str):
    found = sorted(directory.glob(pattern))
    return found[-1] if found else None


def clear(directory: Path) -> None:
    for file in directory.iterdir():
        file.unlink()
