"""Frames as scenarios write them: @{eth('r0', ip('10.1.0.2', '10.2.0.2', udp(7000, 80)))} is hex."""

import ipaddress
import re
import struct

MACS = {
    "a0": "02:00:00:00:0a:02", "r0": "02:00:00:00:0a:01", "b0": "02:00:00:00:0b:02",
    "e1": "02:00:00:00:0c:01", "e2": "02:00:00:00:0c:02", "all": "ff:ff:ff:ff:ff:ff",
    "br": "02:00:00:00:0c:00", "s20": "02:00:00:00:20:02", "t20": "02:00:00:00:20:01", "u0": "02:00:00:00:40:02",
    "t40": "02:00:00:00:40:01",
}


def mac(name: str) -> bytes:
    return bytes.fromhex(MACS.get(name, name).replace(":", ""))


def eth(to: str, what: bytes, of: str = "a0", kind: int = 0, tag: int = 0) -> bytes:
    """A frame; its type is told by what it holds."""
    kind = kind or (0x86DD if what[:1] and what[0] >> 4 == 6 else 0x0800)
    vlan = struct.pack(">HH", 0x8100, tag) if tag else b""
    return (mac(to) + mac(of) + vlan + struct.pack(">H", kind) + what).ljust(60, b"\0")


def check(data: bytes) -> int:
    total = sum(struct.unpack(f">{len(data) // 2}H", data[:len(data) & ~1]))
    total += data[-1] << 8 if len(data) % 2 else 0
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Above:
    """What comes above IP: its checksum may need the addresses."""

    def __init__(self, protocol: int, data: bytes, place: int = -1, pseudo: bool = True, bad: bool = False):
        self.protocol, self.data, self.place, self.pseudo, self.bad = protocol, data, place, pseudo, bad

    def on(self, addresses: bytes) -> bytes:
        if self.place < 0:
            return self.data
        pseudo = struct.pack(">II", len(self.data), self.protocol) if self.pseudo else b""
        value = check((addresses if self.pseudo else b"") + pseudo + self.data)
        value = value ^ 0x5A5A if self.bad else value
        return self.data[:self.place] + struct.pack(">H", value) + self.data[self.place + 2:]


def udp(sport: int, dport: int, data: bytes = b"U" * 32, length: int = 0, bad: bool = False) -> Above:
    return Above(17, struct.pack(">HHHH", sport, dport, length or 8 + len(data), 0) + data, 6, bad=bad)


def tcp(sport: int, dport: int, flags: int = 2, seq: int = 1, ack: int = 0, data: bytes = b"",
        options: bytes = b"", offset: int = 0, bad: bool = False, window: int = 1000) -> Above:
    options += b"\1" * (-len(options) % 4)
    offset = offset or 5 + len(options) // 4
    head = struct.pack(">HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, offset << 4, flags,
                       window, 0, 0)
    return Above(6, head + options + data, 16, bad=bad)


def stamp(value: int, echo: int = 0) -> bytes:
    return b"\1\1\10\12" + struct.pack(">II", value, echo)


MD5 = b"\1\1\23\22" + b"\x5a" * 16
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def icmp(kind: int = 8, code: int = 0, data: bytes = b"\0" * 28, bad: bool = False) -> Above:
    return Above(1, struct.pack(">BBH", kind, code, 0) + data, 2, pseudo=False, bad=bad)


def icmp6(kind: int = 128, code: int = 0, data: bytes = b"\0" * 28, bad: bool = False) -> Above:
    return Above(58, struct.pack(">BBH", kind, code, 0) + data, 2, bad=bad)


def igmp(kind: int, group: str = "0.0.0.0", bad: bool = False) -> Above:
    return Above(2, struct.pack(">BBH", kind, 0, 0) + ipaddress.ip_address(group).packed, 2, pseudo=False,
                 bad=bad)


def over(protocol: int, data: bytes) -> Above:
    return Above(protocol, data)


def ip(src: str, dst: str, above: Above, ttl: int = 64, fragment: int = 0, more: bool = False,
       options: bytes = b"", version: int = 4, header: int = 0, length: int = 0, ident: int = 0x1234) -> bytes:
    addresses = ipaddress.ip_address(src).packed + ipaddress.ip_address(dst).packed
    data = above.on(addresses)
    options += b"\0" * (-len(options) % 4)
    header = header or 5 + len(options) // 4
    head = struct.pack(">BBHHHBBH", version << 4 | header, 0, length or 20 + len(options) + len(data), ident,
                       fragment // 8 | (0x2000 if more else 0), ttl, above.protocol, 0) + addresses + options
    return head[:10] + struct.pack(">H", check(head)) + head[12:] + data


def ip6(src: str, dst: str, above: Above, hops: int = 64, between: bytes = b"", first: int = -1,
        length: int = 0, version: int = 6) -> bytes:
    """between: extension headers, the last of which must name what is above; first: the kind of the first."""
    addresses = ipaddress.ip_address(src).packed + ipaddress.ip_address(dst).packed
    data = between + above.on(addresses)
    return struct.pack(">IHBB", version << 28, length or len(data), first if first >= 0 else above.protocol,
                       hops) + addresses + data


def arp(operation: int, src_mac: str, src: str, dst: str) -> bytes:
    return struct.pack(">HHBBH", 1, 0x0800, 6, 4, operation) + mac(src_mac) + ipaddress.ip_address(
        src).packed + bytes(6) + ipaddress.ip_address(dst).packed


def filled(line: str) -> str:
    """A line of a scenario with its frames as hex."""
    return re.sub(r"@\{(.*?)\}@", lambda m: eval(m[1], globals()).hex(), line)  # our own file, not input


