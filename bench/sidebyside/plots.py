"""Draws how cost grows, with gnuplot, which is not needed for anything else."""

import shutil
import subprocess
from pathlib import Path
from typing import Dict, List, Optional, Tuple

# x, wall seconds, peak bytes
Points = List[Tuple[float, float, int]]

# Okabe and Ito's colours, which stay apart for people who see fewer.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]


def available() -> bool:
    return shutil.which("gnuplot") is not None


def draw(path: Path, x_label: str, x_format: str, lines: Dict[str, Points]) -> Optional[str]:
    """Writes wall time and memory side by side; returns what went wrong, if anything."""
    if not available():
        return "gnuplot is not installed"
    script = [
        'set terminal svg size 960,400 font "sans-serif,13" background "white"',
        f'set output "{path}"',
        "set multiplot layout 1,2",
        "set logscale xy",
        "set grid",
        f'set format x "{x_format}"',
        f'set xlabel "{x_label}"',
        "set key top left",
    ]
    for number, (tool, points) in enumerate(lines.items()):
        script.append(f"$tool{number} << END")
        script += [f"{x} {wall:.4f} {peak / 1e6:.1f}" for x, wall, peak in sorted(points)]
        script.append("END")
        colour = COLOURS[number % len(COLOURS)]
        script.append(f'set style line {number + 1} lc rgb "{colour}" lw 2 pt 7 ps 0.5')
    for column, title in ((2, "wall time in seconds"), (3, "peak memory in MB")):
        curves = [
            f'$tool{number} using 1:{column} with linespoints ls {number + 1} title "{tool}"'
            for number, tool in enumerate(lines)
        ]
        script += [f'set title "{title}"', "plot " + ", ".join(curves)]
    done = subprocess.run(
        ["gnuplot"], input="\n".join(script) + "\n", capture_output=True, text=True, check=False
    )
    return done.stderr.strip() if done.returncode else None
