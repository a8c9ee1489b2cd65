"""Runs commands in turn, A B A B, and keeps the medians of what they cost."""

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence

LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Command:
    """One tool on one input."""

    tool: str
    argv: Sequence[str]
    stdin: Optional[Path] = None
    repeat: int = 1
    environment: Dict[str, str] = field(default_factory=dict)
    many_arguments: bool = False
    keep_output: bool = True
    exit_codes: Sequence[int] = (0,)
    before: Optional[Callable[[], None]] = None


@dataclass(frozen=True)
class Cost:
    """Medians over the runs that counted."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    runs: int


@dataclass
class Outcome:
    """What came of a command: a cost, or why there is none."""

    command: Command
    output: Path
    cost: Optional[Cost] = None
    failure: str = ""


class Runner:
    """Runs commands; their output goes to files in a directory of its own."""

    def __init__(self, directory: Path, runs: int, patience_seconds: float, limit_seconds: float):
        self.directory = directory
        self.runs = runs
        self.patience_seconds = patience_seconds
        self.limit_seconds = limit_seconds
        directory.mkdir(parents=True, exist_ok=True)

    def in_turn(self, commands: Sequence[Command], runs: Optional[int] = None) -> List[Outcome]:
        """Warms each command up once, then runs all of them in turn.

        What takes longer than the patience is not run again: its only run counts.
        """
        outcomes = []
        again = []
        samples: Dict[int, List[dict]] = {}
        for number, command in enumerate(commands):
            output = self.directory / f"{number}-{command.tool.replace(' ', '-')}.out"
            outcome = Outcome(command, output)
            outcomes.append(outcome)
            first = self._run(outcome, output)
            if first is None:
                continue
            samples[number] = [first]
            if first["wallSeconds"] <= self.patience_seconds:
                again.append(number)
                samples[number] = []
        for _ in range(runs or self.runs):
            for number in again:
                # The warm-up's output is the one that is compared; the others are as long.
                sample = self._run(outcomes[number], self.directory / "again.out")
                if sample is not None:
                    samples[number].append(sample)
        for number, runs_of_it in samples.items():
            outcome = outcomes[number]
            if runs_of_it and not outcome.failure:
                outcome.cost = medians(runs_of_it)
        for outcome in outcomes:
            said = outcome.failure or f"{outcome.cost.wall_seconds:.3f} s"
            print(f"    {outcome.command.tool}: {said}", file=sys.stderr, flush=True)
        return outcomes

    def _run(self, outcome: Outcome, output: Path) -> Optional[dict]:
        command = outcome.command
        if command.before is not None:
            command.before()
        errors = self.directory / "stderr"
        order = {
            "argv": [str(word) for word in command.argv],
            "stdin": str(command.stdin) if command.stdin else None,
            "stdout": str(output) if command.keep_output else "/dev/null",
            "stderr": str(errors),
            "repeat": command.repeat,
            "environment": command.environment,
            "manyArguments": command.many_arguments,
            "limitSeconds": self.limit_seconds,
        }
        launched = subprocess.run(
            [sys.executable, "-I", "-S", str(LAUNCH)],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            check=False,
        )
        if launched.returncode != 0:
            outcome.failure = "could not be started"
            complain(command, launched.stderr)
            return None
        sample = json.loads(launched.stdout)
        if sample["timedOut"]:
            outcome.failure = f"more than {self.limit_seconds:.0f} s"
            return None
        if sample["exitCode"] not in command.exit_codes:
            # What it said may name files of this machine: not for the document.
            outcome.failure = f"exit code {sample['exitCode']}"
            complain(command, errors.read_text(errors="replace"))
            return None
        return sample


def complain(command: Command, said: str) -> None:
    last = said.strip().splitlines()[-1:] or ["(it said nothing)"]
    print(f"    {command.tool} failed: {last[0]}", file=sys.stderr, flush=True)


def medians(samples: Sequence[dict]) -> Cost:
    def median(key):
        return statistics.median(sample[key] for sample in samples)

    return Cost(
        median("wallSeconds"), median("cpuSeconds"), int(median("peakBytes")), len(samples)
    )
