"""Reads capture files by docs/capture-format.md alone, sharing no code with the program that writes
them. Strict: what does not fit the specification is an error, but for a file that was cut."""

import mmap
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path

MAGIC = b"dropsite\0"
ENTERPRISE = 32473
SECTION, INTERFACE, PACKET, CUSTOM = 0x0A0D0D0A, 1, 6, 0xBAD
LINK_HEADER = 20

KERNEL, MODULE, REASONS, SYMBOLS, NAMES, SNAPSHOT, LOSSES, NOTE, END = range(1, 10)

NUMBERS = {
    1: "boot", 2: "cpu", 4: "skb", 5: "location", 6: "reason", 9: "pid", 10: "tid", 12: "cgroup",
    14: "ifindex", 16: "hardware", 17: "netns", 18: "cookie", 19: "family", 24: "protocol",
    25: "type", 26: "length", 27: "mark", 28: "vlan",
}


class Malformed(Exception):
    pass


def uleb(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data: bytes):
    at = 0
    while at < len(data):
        code = data[at]
        size, at = uleb(data, at + 1)
        if at + size > len(data):
            raise Malformed(f"field {code} of {size} bytes does not fit")
        yield code, data[at:at + size]
        at += size


def number(value: bytes) -> int:
    return int.from_bytes(value, "little")


def stack(value: bytes) -> list[int]:
    found, at, previous = [], 0, 0
    while at < len(value):
        raw, start, at = 0, at, at
        raw, at = uleb(value, at)
        bits = 7 * (at - start)
        if raw >> (bits - 1) & 1:
            raw -= 1 << bits
        previous = (previous + raw) & 0xFFFFFFFFFFFFFFFF
        found.append(previous)
    return found


@dataclass
class Event:
    real: int
    interface: str
    original: int
    packet: bytes
    values: dict[str, int] = field(default_factory=dict)
    stack: list[int] = field(default_factory=list)
    comm: bytes = b""
    link: bytes = b""
    consumed: bool = False
    interrupted: bool = False

    def __getattr__(self, name: str) -> int:
        return self.values.get(name, 0)

    def tuple(self) -> dict[str, str]:
        """Addresses, protocol and ports, as scenarios.txt writes them."""
        import ipaddress
        p, found = self.packet, {"ethertype": str(self.protocol)}
        if self.protocol == 0x800 and len(p) >= 20 and p[0] >> 4 == 4:
            header = (p[0] & 15) * 4
            found |= {"proto": str(p[9]), "src": str(ipaddress.ip_address(p[12:16])),
                      "dst": str(ipaddress.ip_address(p[16:20]))}
        elif self.protocol == 0x86DD and len(p) >= 40 and p[0] >> 4 == 6:
            header = 40
            found |= {"proto": str(p[6]), "src": str(ipaddress.ip_address(p[8:24])),
                      "dst": str(ipaddress.ip_address(p[24:40]))}
        else:
            return found
        if found["proto"] in ("6", "17") and len(p) >= header + 4:
            found["sport"], found["dport"] = map(str, struct.unpack_from(">HH", p, header))
        return found


@dataclass
class Capture:
    events: list[Event] = field(default_factory=list)
    interfaces: list[str] = field(default_factory=list)
    records: list[tuple[int, bytes]] = field(default_factory=list)
    packets: int = 0
    customs: int = 0
    cut: int = 0

    def of(self, kind: int) -> list[bytes]:
        return [data for code, data in self.records if code == kind]

    def reasons(self) -> dict[int, str]:
        found = {}
        for record in self.of(REASONS):
            if dict(fields(record))[2] == b"skb_drop_reason_subsys":
                continue
            for code, value in fields(record):
                if code == 3:
                    inner = dict(fields(value))
                    found[number(inner.get(1, b""))] = inner[2].decode()
        return found

    def losses(self) -> dict[str, int] | None:
        if not self.of(LOSSES):
            return None
        inner = {code: number(value) for code, value in fields(self.of(LOSSES)[-1])}
        names = ("seen", "filtered", "ring", "rate", "recursion", "stacks cut", "stacks missing",
                 "packets unreadable")
        return {name: inner.get(i, 0) - (i <= 2) for i, name in enumerate(names, 1)}

    def end(self) -> dict[str, int] | None:
        if not self.of(END):
            return None
        inner = {code: number(value) for code, value in fields(self.of(END)[-1])}
        return {name: inner.get(i, 0) for i, name in
                enumerate(("events", "bytes", "cpu", "duration", "continued"), 1)}

    def notes(self) -> list[str]:
        return [dict(fields(n))[1].decode() for n in self.of(NOTE)]

    def snapshots(self) -> list[dict]:
        found = []
        for record in self.of(SNAPSHOT):
            inner = dict(fields(record))
            found.append({
                "name": inner.get(1, b"").decode(), "phase": number(inner.get(2, b"")),
                "netns": number(inner.get(3, b"")), "origin": inner.get(5, b"").decode(),
                "bytes": inner.get(6, b""), "problem": inner.get(8, b"").decode(errors="replace")})
        return found


def options(data: bytes):
    at = 0
    while at + 4 <= len(data):
        code, size = struct.unpack_from("<HH", data, at)
        if code == 0:
            return
        value = data[at + 4:at + 4 + size]
        if len(value) < size:
            raise Malformed(f"option {code} of {size} bytes does not fit")
        yield code, value
        at += 4 + (size + 3 & ~3)


def envelope(data: bytes) -> int | None:
    """How many parts follow; nothing if it is not ours."""
    if len(data) < 16 or struct.unpack_from("<I", data)[0] != ENTERPRISE or data[4:13] != MAGIC:
        return None
    if data[13] != 1:
        raise Malformed(f"major version {data[13]}")
    return data[15]


def read(path: Path, events: bool = True) -> Capture:
    """Everything in a file up to its last whole block."""
    capture = Capture()
    size = path.stat().st_size
    if not size:
        return capture
    with path.open("rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at, parts = 0, b""
        while at < size:
            if at + 12 > size:
                break
            kind, length = struct.unpack_from("<II", data, at)
            if at == 0 and kind != SECTION:
                raise Malformed("no section header")
            if length < 12 or length % 4:
                raise Malformed(f"block at {at} has {length} bytes")
            if at + length > size:
                break
            if struct.unpack_from("<I", data, at + length - 4)[0] != length:
                raise Malformed(f"block at {at}: its two lengths differ")
            if kind == PACKET:
                capture.packets += 1
                if events:
                    capture.events.append(packet(capture, data[at + 8:at + length - 4]))
            elif kind == INTERFACE:
                body = data[at + 8:at + length - 4]
                link, = struct.unpack_from("<H", body)
                named = dict(options(body[8:]))
                if link != 276 or named.get(9) != b"\x09":
                    raise Malformed(f"interface at {at}: link type {link}")
                capture.interfaces.append(named[2].decode())
            elif kind == CUSTOM:
                capture.customs += 1
                body = data[at + 8:at + length - 4]
                following = envelope(body)
                if following is not None:
                    _, whole, here = struct.unpack_from("<QII", body, 16)
                    parts += body[32:32 + here]
                    if following == 0:
                        records = zlib.decompress(parts)
                        if len(records) != whole:
                            raise Malformed(f"block at {at}: records of another size")
                        capture.records += fields(records)
                        parts = b""
            elif kind != SECTION:
                raise Malformed(f"block of type {kind:#x} at {at}")
            at += length
        capture.cut = size - at
    return capture


def packet(capture: Capture, body: bytes) -> Event:
    interface, high, low, here, original = struct.unpack_from("<5I", body)
    if interface >= len(capture.interfaces) or here < LINK_HEADER:
        raise Malformed("packet of an unknown interface")
    event = Event(high << 32 | low, capture.interfaces[interface], original - LINK_HEADER,
                  body[20 + LINK_HEADER:20 + here])
    for code, value in options(body[20 + (here + 3 & ~3):]):
        if code != 2989 or envelope(value) is None:
            continue
        event.values["reason"] = -1
        for kind, inner in fields(value[16:]):
            if kind in NUMBERS:
                event.values[NUMBERS[kind]] = number(inner)
            elif kind == 7:
                event.stack = stack(inner)
            elif kind == 11:
                event.comm = inner
            elif kind == 29:
                event.link = inner
            elif kind == 3:
                event.consumed = True
            elif kind == 13:
                event.interrupted = True
    return event
