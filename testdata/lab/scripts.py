"""Checks what the suite `scripts` brought out: what the scripts of bpf/ wrote, and what they left."""

import re
from pathlib import Path

# Functions that must be on the stack of each port's packet: of the kernel itself, and of modules,
# which bpftrace does not name.
PACKETS = {
    4001: ({"nf_hook_slow"}, {"nft_do_chain"}),
    4002: ({"__udp4_lib_rcv"}, set()),
    4003: ({"__udp6_lib_rcv"}, set()),
    4004: ({"tcp_v4_rcv"}, set()),
    4005: ({"nf_hook_slow"}, {"nft_do_chain_bridge", "br_handle_frame"}),
}


def failures(kernel: str, out: Path) -> list[str]:
    folder = out / "scripts"
    text = {file.stem: file.read_text() for file in folder.glob("*.txt")}
    failed = []

    def must(truth: bool, failure: str) -> None:
        if not truth:
            failed.append(failure)

    # No BTF there, without which bpftrace cannot; and rules leave the dropping to their hook.
    old = kernel == "5.10"
    stacks = [set(re.findall(r"^  => (\w+)", stack, re.M))
              for stack in text["capture"].split("<stack trace>\n")[1:]]
    for port, (in_kernel, in_modules) in PACKETS.items():
        wanted = in_kernel if old else in_kernel | in_modules
        must(any(wanted <= stack for stack in stacks), f"capture.sh: no stack for port {port}")
        if not old:
            found = re.findall(rf"^EV .* dport={port} .*\n\n((?:\t.*\n)+)", text["bpftrace"], re.M)
            must(len(found) == 1 and in_kernel <= set(re.findall(r"^\t\w+ (\w+)", found[0], re.M)),
                 f"bpftrace: not the one stack for port {port}")
    if not old:
        count = len(re.findall("^EV ", text["bpftrace"], re.M))
        must(len(stacks) == count, f"capture.sh: {len(stacks)} stacks, bpftrace: {count}")
        must(r"comm=x\x0a => ab" in text["bpftrace"], "bpftrace: a hostile name is not escaped")
        must("reason: NO_SOCKET" in text["capture"], "capture.sh: no names of reasons")
    must("==> problem with" not in text["capture"], "capture.sh: a part of the snapshot failed")
    for when in ("after", "killed", "next"):
        left = (folder / f"instances.{when}").read_text().split()
        must(not left, f"capture.sh leaves trace instances ({when}): {left}")
    must((folder / "modules.before").read_text() == (folder / "modules.after").read_text(),
         "capture.sh loads modules")
    must("removing" in (folder / "next.err").read_text(),
         "capture.sh does not say that it removes what an earlier run left")
    return failed
