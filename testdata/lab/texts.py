"""Reads the texts that bpf/*.bt and bpf/capture.sh write, as far as the lab's checks need them."""

import re
from pathlib import Path

import pcapng

NOT_TOLD = -2


class TextEvent(pcapng.Event):
    """An event of a text; what a text does not tell counts as fitting."""

    def __init__(self, values: dict[str, int], words: dict[str, str]) -> None:
        super().__init__(0, "", 0, b"", values)
        self.words = words

    def tuple(self) -> dict[str, str]:
        return self.words


def reasons(format_text: str) -> dict[int, str]:
    """The table that the format file of the tracepoint prints."""
    return {int(n): name for n, name in re.findall(r'\{ (\d+), "(\w+)" \}', format_text)}


def bpftrace(path: Path) -> list[TextEvent]:
    found: list[TextEvent] = []
    for line in path.open(errors="replace"):
        line = line.strip()
        if line.startswith("EV "):
            boot, *words = line.split()[1:]
            said = dict(w.split("=", 1) for w in words if "=" in w)
            values = {"boot": int(boot), "skb": int(said["skb"], 0), "netns": int(said["netns"]),
                      "location": int(said["loc"], 0), "protocol": int(said["proto"], 0),
                      "reason": int(said.get("reason", NOT_TOLD))}
            have = {"ethertype": str(values["protocol"])}
            if "ipproto" in said:
                have |= {"proto": said["ipproto"], "src": said["src"], "dst": said["dst"]}
                if said["ipproto"] in ("6", "17"):
                    have |= {"sport": said["sport"], "dport": said["dport"]}
            found.append(TextEvent(values, have))
        elif found and (m := re.match(r"([0-9a-f]{16}) ", line)):
            found[-1].stack.append(int(m[1], 16))
    return found


def shell(path: Path, names: dict[int, str]) -> list[TextEvent]:
    found: list[TextEvent] = []
    numbers = {name: number for number, name in names.items()}
    event = re.compile(r"([\d.]+): kfree_skb: skbaddr=([0-9a-f]+).* protocol=(\d+) location=(\S+)"
                       r"(?: reason: *(\S*))?")
    place = ""
    for line in path.open(errors="replace"):
        if m := event.search(line):
            place = m[4]
            values = {"boot": round(float(m[1]) * 1e9), "skb": int(m[2], 16),
                      "protocol": int(m[3]), "reason": numbers.get(m[5] or "", NOT_TOLD)}
            if re.fullmatch("(0x)?[0-9a-f]{16}", place):
                values["location"] = int(place, 16)
            found.append(TextEvent(values, {"ethertype": m[3]}))
        elif found and (m := re.match(r" *=> (\S+) <([0-9a-f]+)>", line)):
            address = int(m[2], 16)
            found[-1].stack.append(address)
            if m[1] == place:
                found[-1].values.setdefault("location", address)
    return found
