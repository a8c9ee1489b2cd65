"""Draws what is asked: the same for the same seed and file."""

import random
from pathlib import Path
from typing import List, Sequence, Tuple

from .elf import Elf, Function

FRAMES_PER_STACK = 30


def addresses(elf: Elf, count: int, seed: int) -> List[int]:
    """Returns addresses anywhere in .text, padding between functions included."""
    draw = random.Random(f"addresses {seed}")
    text = elf.text()
    return [text.address + draw.randrange(text.size) for _ in range(count)]


def places(functions: Sequence[Function], count: int, seed: int) -> List[Tuple[Function, int]]:
    """Returns distinct places within distinct functions, none at the very start."""
    draw = random.Random(f"places {seed}")
    large = [function for function in functions if function.size >= 64]
    return [
        (function, draw.randrange(8, function.size))
        for function in draw.sample(large, min(count, len(large)))
    ]


def write_lines(path: Path, lines) -> Path:
    with open(path, "w", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in lines)
    return path


def write_addresses(path: Path, values: Sequence[int]) -> Path:
    return write_lines(path, (f"{value:#x}" for value in values))


def write_stacks(
    path: Path, among: Sequence[Tuple[Function, int]], stacks: int, seed: int
) -> Path:
    """Writes stacks as bpftrace's kstack(perf) prints them, each below a line of facts."""
    draw = random.Random(f"stacks {seed}")
    frames = [
        f"\t{function.address + offset:016x} {function.name}+{offset}"
        for function, offset in among
    ]
    with open(path, "w", encoding="ascii") as file:
        nanoseconds = 20_898_355_800
        for _ in range(stacks):
            nanoseconds += draw.randrange(1_000, 1_000_000)
            first = among[draw.randrange(len(among))]
            file.write(
                f"EV {nanoseconds} cpu={draw.randrange(2)} pid={draw.randrange(1, 32768)}"
                f" comm=made skb=0xff20ef11{draw.randrange(1 << 32):08x}"
                f" loc={first[0].address + first[1]:#x} proto=0x800 reason=2\n\n"
            )
            for frame in draw.choices(frames, k=FRAMES_PER_STACK):
                file.write(frame + "\n")
            file.write("\n")
    return path
