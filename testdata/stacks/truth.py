#!/usr/bin/env python3
"""Writes what the stacks of a booted kernel's texts are: truth.py KERNELS BOOT TEXTS.

BOOT is what the guest brought out (kallsyms, places of modules' sections), KERNELS the folder with
the kernels' debug packages (testdata/kernels/fetch), TEXTS the folder of texts; beside each NAME.txt
goes NAME.truth.tsv. Shares no code with dropsite: addresses are of that boot's kallsyms, functions
and lines of llvm-symbolizer (vmlinux) and eu-addr2line -j (modules).
"""

import bisect
import json
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

LLVM = "llvm-symbolizer-22"
OWN = "dropsite_trouble"
PC_ENTRY = re.compile(r"asm_(exc|sysvec)_\w+|asm_common_interrupt|error_entry|el[01][ht]_(32|64)_(sync|irq|fiq|error)")


@dataclass
class Frame:
    line: int
    symbol: str | None = None
    offset: int | None = None
    size: int | None = None
    module: str | None = None
    address: int | None = None
    context: str | None = None
    unreliable: bool = False
    exact: bool = False
    interrupted: bool = False


@dataclass
class Stack:
    kind: str = "stack"
    frames: list[Frame] = field(default_factory=list)
    count: int = 1


# --- reading the texts -------------------------------------------------------------------------------

LOG = re.compile(r"^(?:[a-z]+ *:[a-z]+ *: ?)?(?:<\d+>)?(?:\[[^\]]*\]|\d{4}-\d\d-\d\dT\S+)? ?(.*)$")
NAMED = re.compile(r"([A-Za-z_][\w.]*)\+0x([0-9a-f]+)/0x([0-9a-f]+)(?: \[(\w+)\])?")
REGISTER = re.compile(r"(RIP|R[A-Z0-9]{2}|RSP|RBP|FS|CS|CR\d|DR\d|PKRU|Code|EFLAGS|x\d+|sp|pstate) ?:")


def named(m: re.Match, line: int, **more) -> Frame:
    return Frame(line, m[1], int(m[2], 16), int(m[3], 16), m[4], **more)


def log(lines: list[str]) -> list[Stack]:
    stacks: list[Stack] = []
    open_stack: Stack | None = None
    called = ended = kfence_pc = arm_pc = False
    context = None

    def begin() -> Stack:
        stacks.append(Stack())
        return stacks[-1]

    for number, raw in enumerate(lines, 1):
        text = LOG.match(raw)[1] if re.match(r"^[a-z<\[\d]", raw) else raw
        bare = text.strip()
        if not bare:
            if stacks and not called:
                open_stack = None
            continue
        if m := re.fullmatch(r"(?:WARNING: .* at (\S+:\d+)|BUG: KFENCE: .* in) " + NAMED.pattern, bare):
            frame = Frame(number, m[2], int(m[3], 16), int(m[4], 16), m[5], exact=True)
            stacks.append(Stack("place", [frame]))
            ended, open_stack = False, None
            kfence_pc = "KFENCE" in bare
        elif m := re.fullmatch(r"RIP: 0010:(?:0x([0-9a-f]+)|" + NAMED.pattern + ")", bare):
            frame = (Frame(number, address=int(m[1], 16)) if m[1] else
                     Frame(number, m[2], int(m[3], 16), int(m[4], 16), m[5]))
            frame.exact = True
            if ended:
                stacks.append(Stack("place", [frame]))
                continue
            if not open_stack:
                open_stack, called, context = begin(), False, None
            frame.context = context
            open_stack.frames.append(frame)
        elif m := re.fullmatch(r"(pc|lr) : (?:0x([0-9a-f]+)|" + NAMED.pattern + ")", bare):
            frame = (Frame(number, address=int(m[2], 16)) if m[2] else
                     Frame(number, m[3], int(m[4], 16), int(m[5], 16), m[6]))
            frame.exact = m[1] == "pc"
            stacks.append(Stack("place", [frame]))
            arm_pc = True
        elif bare in ("Call Trace:", "Call trace:"):
            if called or not open_stack:
                open_stack = begin()
            called, context = True, None
        elif m := re.fullmatch(r"<(/?)([A-Z#\d]+)>", bare):
            context = None if m[1] else m[2]
            if not open_stack:
                open_stack = begin()
        elif m := re.fullmatch(r"(\? )?" + NAMED.pattern, bare):
            if not open_stack:
                open_stack, context = begin(), None
            frame = Frame(number, m[2], int(m[3], 16), int(m[4], 16), m[5], context=context,
                          unreliable=bool(m[1]), exact=kfence_pc or arm_pc)
            kfence_pc = arm_pc = False
            open_stack.frames.append(frame)
        elif called and open_stack and (m := re.fullmatch(r"0x([0-9a-f]+)", bare)):
            open_stack.frames.append(Frame(number, address=int(m[1], 16), exact=arm_pc))
            arm_pc = False
        elif bare.startswith("---[ end trace"):
            ended, called, open_stack = True, False, None
        elif bare.startswith(("BUG: ", "task:", "NMI backtrace", "rcu: INFO", "INFO: ", "------------[",
                              "allocated by", "freed by", "Modules linked", "watchdog: BUG", "Sending")):
            open_stack, called = None, False
            if bare.startswith(("BUG: ", "------------[", "watchdog: BUG")):
                ended = False
        elif not REGISTER.match(bare) and context is None and called and open_stack and open_stack.frames:
            open_stack, called = None, False
    found = [s for s in stacks if s.frames]
    # On x86 a RIP line says what was interrupted, and the frame below it is a return address.
    return after_entries(found) if any("Call trace:" in text for text in lines) else found


def proc(lines: list[str]) -> list[Stack]:
    found = Stack()
    for number, text in enumerate(lines, 1):
        if m := re.fullmatch(r"\[<0>\] " + NAMED.pattern, text):
            found.frames.append(named(m, number))
    return [found]


def after_entries(stacks: list[Stack]) -> list[Stack]:
    """A frame below an exception entry is a program counter."""
    for stack in stacks:
        for below, frame in zip(stack.frames, stack.frames[1:]):
            if below.symbol and PC_ENTRY.fullmatch(below.symbol):
                frame.interrupted = True
    return stacks


def perf(lines: list[str]) -> list[Stack]:
    stacks: list[Stack] = []
    top_is_pc = in_program = False
    new = True
    for number, text in enumerate(lines, 1):
        if not text.strip() or text.startswith("#"):
            new = True
        elif text[0] not in " \t":
            new, top_is_pc, in_program = True, "skb:kfree_skb:" not in text, False
        elif m := re.fullmatch(r"\s+([0-9a-f]+)(?: (\S+?)(?:\+0x([0-9a-f]+))?)?(?: \((.*)\))?", text):
            address = int(m[1], 16)
            in_program |= address < 1 << 63
            if in_program:  # and what it left on its stack
                continue
            if new:
                stacks.append(Stack())
            symbol = None if m[2] in (None, "[unknown]") else m[2]
            dso = m[4]
            module = dso[1:-1] if dso and dso[0] == "[" and "." not in dso and "unk" not in dso else None
            stacks[-1].frames.append(Frame(
                number, symbol, int(m[3], 16) if m[3] else None, None, module, address,
                exact=new and top_is_pc))
            new = False
    return after_entries(stacks)


def folded(lines: list[str]) -> list[Stack]:
    stacks = []
    marked = any("_[k]" in text for text in lines)
    for number, text in enumerate(lines, 1):
        names, count = text.rsplit(" ", 1)
        listed = [n for n in names.split(";")[1:] if not n.startswith("[unknown]")]
        if marked:
            listed = [n[:-4] for n in listed if n.endswith("_[k]")]
        frames = [Frame(number, n) for n in listed]
        stacks.append(Stack("stack", frames[::-1], int(count)))
    return [s for s in stacks if s.frames]


def ftrace(lines: list[str]) -> list[Stack]:
    stacks: list[Stack] = []
    for number, text in enumerate(lines, 1):
        if m := re.search(r"=> (?:0x([0-9a-f]+)|([\w.]+))(?:\+0x([0-9a-f]+)/0x([0-9a-f]+))?(?: \[(\w+)\])?"
                          r"(?: <([0-9a-f]+)>)?$", text):
            if text.startswith((" =>", "\t=>")) and stacks:
                pass
            else:
                stacks.append(Stack())
            address = m[6] or m[1]
            stacks[-1].frames.append(Frame(
                number, m[2], int(m[3], 16) if m[3] else None, int(m[4], 16) if m[4] else None, m[5],
                int(address, 16) if address else None))
        elif "<stack trace>" in text:
            stacks.append(Stack())
    return after_entries([s for s in stacks if s.frames])


def hist(lines: list[str]) -> list[Stack]:
    stacks: list[Stack] = []
    for number, text in enumerate(lines, 1):
        if re.match(r"\{ (common_)?stacktrace:", text):
            stacks.append(Stack())
        elif m := re.fullmatch(r"\s+" + NAMED.pattern + r"\s*", text):
            stacks[-1].frames.append(named(m, number))
        elif m := re.match(r"\} hitcount: +(\d+)", text):
            stacks[-1].count = int(m[1])
    return after_entries(stacks)


def bpftrace(lines: list[str]) -> list[Stack]:
    stacks: list[Stack] = []
    new = True
    for number, text in enumerate(lines, 1):
        m = re.fullmatch(r"\s+(?:(?:0x)?([0-9a-f]{16})(?: |$))?(?:([\w.]+)\+(\d+)|(0x[0-9a-f]+))?"
                         r"(?: \(.*\))?", text)
        if m and text.strip():
            if new:
                stacks.append(Stack())
            new = False
            address = m[1] or m[4]
            stacks[-1].frames.append(Frame(
                number, m[2], int(m[3]) if m[3] else None,
                address=int(address, 16) if address else None))
        else:
            new = True
            if stacks and (c := re.search(r"\]: (\d+)$", text)):
                stacks[-1].count = int(c[1])
    return after_entries(stacks)


def bpftrace_kprobe(lines: list[str]) -> list[Stack]:
    """The first frame is of the registers at the breakpoint."""
    stacks = bpftrace(lines)
    for stack in stacks:
        stack.frames[0].exact = True
    return stacks


def dropwatch(lines: list[str]) -> list[Stack]:
    stacks = []
    for number, text in enumerate(lines, 1):
        if m := re.match(r"(\d+) drops at ([\w.]+)\+([0-9a-f]+) \(0x([0-9a-f]+)\)", text):
            frame = Frame(number, m[2], int(m[3], 16), address=int(m[4], 16))
            stacks.append(Stack("place", [frame], int(m[1])))
        elif m := re.match(r"drop at: ([\w.]+)\+0x([0-9a-f]+)/0x([0-9a-f]+)(?: \[(\w+)\])? \(0x([0-9a-f]+)\)",
                           text):
            stacks.append(Stack("place", [named(m, number, address=int(m[5], 16))]))
    return stacks


READERS = {"perf": perf, "folded": folded, "ftrace": ftrace, "trace-cmd": ftrace, "hist": hist,
           "bpftrace-kprobe": bpftrace_kprobe, "bpftrace": bpftrace, "dropwatch": dropwatch, "proc-stack": proc, "": log}


# --- the kernel that ran -----------------------------------------------------------------------------


def run(*command: str | Path, given: str = "") -> str:
    return subprocess.run([str(c) for c in command], input=given, text=True, check=True,
                          capture_output=True).stdout


class Kernel:
    def __init__(self, debug: Path, boot: Path, own: Path) -> None:
        release = (boot / "release").read_text().strip()
        self.modules_debug = debug / "usr/lib/debug/lib/modules" / release
        self.vmlinux = debug / "usr/lib/debug/boot" / f"vmlinux-{release}"
        self.own = own
        self.by_name: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.starts: list[int] = []
        for text in (boot / "kallsyms").read_text().splitlines():
            address, kind, name, *module = text.replace("\t", " ").split(" ")
            if name.startswith("$"):  # where code and data begin, on arm64
                continue
            if kind in "tTwW":
                self.by_name[name].append((int(address, 16), module[0][1:-1] if module else "vmlinux"))
            self.starts.append(int(address, 16))
        self.starts = sorted(set(self.starts))
        linked = run("nm", self.vmlinux)
        at_rest = int(re.search(r"^([0-9a-f]+) T _stext$", linked, re.M)[1], 16)
        self.start_at_rest = int(re.search(r"^([0-9a-f]+) . _text$", linked, re.M)[1], 16)
        self.end_at_rest = int(re.search(r"^([0-9a-f]+) . _end$", linked, re.M)[1], 16)
        # As the kernel's scripts/faddr2line finds the folder that it was built in.
        begin = re.search(r"^([0-9a-f]+) T start_kernel$", linked, re.M)[1]
        said = short(run(LLVM, f"--obj={self.vmlinux}", "0x" + begin).split("\n")[1])
        self.prefix = said.split("init/main.c:")[0] if "init/main.c:" in said else ""
        self.slide = self.by_name["_stext"][0][0] - at_rest
        self.sections: dict[str, list[tuple[int, str]]] = {}
        for file in (boot / "modules").iterdir():
            rows = [text.split() for text in file.read_text().splitlines()]
            self.sections[file.name] = [(int(r[1], 16), r[0]) for r in rows if len(r) == 2]
        self.lengths: dict[str, dict[str, int]] = {}
        self.asked: dict[tuple[str, str, int], str | None] = {}

    def file(self, module: str) -> Path:
        if module == OWN:
            return self.own
        return next(self.modules_debug.rglob(re.sub("[-_]", "[-_]", module) + ".ko"))

    def length(self, module: str, section: str) -> int:
        if module not in self.lengths:
            said = run("readelf", "-SW", self.file(module))
            self.lengths[module] = {
                m[1]: int(m[2], 16)
                for m in re.finditer(r"\] (\S+) +\w+ +[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+)", said)}
        return self.lengths[module].get(section, 0)

    def printed_length(self, address: int) -> int:
        """The length of a function as the kernel prints it: up to the next symbol."""
        return self.starts[bisect.bisect_right(self.starts, address)] - address

    def addresses(self, f: Frame) -> list[int]:
        """Run-time addresses that a frame may have by the name printed."""
        found = [(a, m) for a, m in self.by_name.get(f.symbol or "", [])
                 if f.module is None or f.module == m]
        if f.size is not None:
            fits = [(a, m) for a, m in found if self.printed_length(a) == f.size]
            found = fits or found
        if f.module is None and any(m == "vmlinux" for _, m in found) and f.size is not None:
            found = [(a, m) for a, m in found if m == "vmlinux"]
        return sorted({a + f.offset for a, _ in found})

    def place(self, address: int) -> tuple[str, str, int] | None:
        """Image, section ('' for vmlinux), and link-time address or offset in the section."""
        for module, sections in self.sections.items():
            for base, name in sections:
                if base <= address < base + self.length_if_code(module, name):
                    return module, name, address - base
        linked = address - self.slide
        if self.start_at_rest <= linked < self.end_at_rest:
            return "vmlinux", "", linked
        return None

    def length_if_code(self, module: str, section: str) -> int:
        return self.length(module, section) if "text" in section else 0

    def in_own_init(self, f: Frame) -> tuple[str, str, int] | None:
        """The init section is gone from kallsyms; in the file it is still there."""
        said = run("readelf", "-sW", self.own)
        section = re.search(r"\[ *(\d+)\] \.init\.text", run("readelf", "-SW", self.own))
        m = re.search(rf"([0-9a-f]+) +\d+ \w+ +\w+ +\w+ +{section[1]} {re.escape(f.symbol)}$", said, re.M)
        return (OWN, ".init.text", int(m[1], 16) + f.offset) if m else None

    def ask(self, places: list[tuple[str, str, int]]) -> None:
        """Has the other symbolizers answer for places, all at once."""
        wanted = defaultdict(set)
        for image, section, at in places:
            if (image, section, at) not in self.asked:
                wanted[image, section].add(at)
        for (image, section), offsets in wanted.items():
            listed = sorted(offsets)
            given = "\n".join(hex(a) for a in listed) + "\n"
            if image == "vmlinux":
                said = run(LLVM, f"--obj={self.vmlinux}", "--inlines", "--functions=linkage",
                           "--no-demangle", "--output-style=LLVM", given=given)
                answers = [block.split("\n") for block in said.strip("\n").split("\n\n")]
            else:
                said = run("eu-addr2line", "-a", "-i", "-f", "-j", section, "-e", self.file(image),
                           given=given)
                answers = [b.strip("\n").split("\n")[1:] for b in re.split(r"^(?=0x)", said, flags=re.M)
                           if b.strip()]
            assert len(answers) == len(listed), (image, section, len(answers), len(listed))
            for at, rows in zip(listed, answers):
                rows = [r for r in rows if r]
                self.asked[image, section, at] = " <- ".join(
                    f"{name.split(' inlined at ')[0]} {short(place, self.prefix)}"
                    for name, place in zip(rows[::2], rows[1::2]))


def short(place: str, prefix: str = "") -> str:
    """A file and line without the folder that the kernel was built in, and without a column."""
    place = place.split(" (")[0]
    place = re.sub(r"^/build/[^/]+/linux-[^/]+/", "", place)
    place = place.removeprefix(prefix).removeprefix("./")
    m = re.match(r"(.*?):(\d+)(:\d+)?$", place)
    return f"{m[1]}:{m[2]}" if m else place


def facts(kernel: Kernel, boot: Path) -> dict:
    """What a recording would say about the kernel, as in testdata/captures."""

    def build_id(file: Path) -> str:
        return re.search(r"Build ID: ([0-9a-f]+)", run("readelf", "-n", file))[1]

    modules = []
    for text in (boot / "proc-modules").read_text().splitlines():
        name, size, *_, base = text.split()[:6]
        modules.append({"name": name, "size": int(size), "base": base,
                        "build_id": build_id(kernel.file(name))})
    return {"release": (boot / "release").read_text().strip(), "build_id": build_id(kernel.vmlinux),
            "symbols": {n: f"{kernel.by_name[n][0][0]:x}" for n in ("_stext", "_text")
                        if kernel.by_name[n]},
            "modules": modules}


COLUMNS = ("stack kind count line symbol offset size module context unreliable pc address image place "
           "note").split()


def number_or_dash(n: int | None) -> str:
    return "-" if n is None else hex(n)


def place_in_words(place: tuple[str, str, int]) -> str:
    return f"{place[1]}+{place[2]:#x}" if place[1] else hex(place[2])


def main(kernels: Path, boot: Path, texts: Path) -> None:
    """What the guest brought out of its crash lies in a folder of its own: it is another boot."""
    kernel = Kernel(kernels / texts.name, boot, boot / f"{OWN}.ko")
    (texts / "kernel.json").write_text(json.dumps(facts(kernel, boot), indent=1) + "\n")
    crash = kernel
    if (boot / "crash").exists():
        crash = Kernel(kernels / texts.name, boot / "crash", boot / f"{OWN}.ko")
    places: set[tuple[str, str, int]] = set()
    for text in sorted(texts.glob("*.txt")):
        reader = next(r for prefix, r in READERS.items() if text.name.startswith(prefix))
        stacks = reader(text.read_text(errors="replace").splitlines())
        out = ["# " + "\t".join(COLUMNS)]
        unknown = 0
        for number, stack in enumerate(stacks, 1):
            for f in stack.frames:
                place, note = where(crash if text.stem == "sysrq-c" else kernel, f)
                if place:
                    places.add(place)
                unknown += not place and f.offset is not None
                out.append("\t".join([
                    str(number), stack.kind, str(stack.count), str(f.line), f.symbol or "-",
                    number_or_dash(f.offset), number_or_dash(f.size), f.module or "-",
                    f.context or "-", "?" if f.unreliable else "-",
                    "pc" if f.exact else "below entry" if f.interrupted else "-",
                    number_or_dash(f.address), place[0] if place else "-",
                    place_in_words(place) if place else "-", note or "-"]))
        text.with_suffix(".truth.tsv").write_text("\n".join(out) + "\n")
        print(f"{text.name}: {sum(s.kind == 'stack' for s in stacks)} stacks, "
              f"{sum(s.kind == 'place' for s in stacks)} places, {len(out) - 1} frames"
              + (f", {unknown} without a place" if unknown else ""))
    kernel.ask([(image, section, at - back) for image, section, at in places for back in (0, 1)])
    rows = ["# image\tplace\tchain at the place before (return address rule)\tchain at the place itself; "
            "innermost first, <- is inlined into"]
    rows += ["\t".join([p[0], place_in_words(p), *(kernel.asked[p[0], p[1], p[2] - back] or "??"
                                                   for back in (1, 0))]) for p in sorted(places)]
    (texts / "frames.tsv").write_text("\n".join(rows) + "\n")


def where(kernel: Kernel, f: Frame) -> tuple[tuple[str, str, int] | None, str]:
    """The place of a frame in its file, and what is to be said about it."""
    if f.address is not None:
        fits = not f.symbol or f.offset is None or f.address in kernel.addresses(f)
        return kernel.place(f.address), "" if fits else "name does not fit the address"
    if not f.symbol or f.offset is None:
        return None, ""
    found = kernel.addresses(f)
    if not found and f.module == OWN:
        return kernel.in_own_init(f), ""
    return (kernel.place(found[0]), "") if len(found) == 1 else (None, "ambiguous" if found else "")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
