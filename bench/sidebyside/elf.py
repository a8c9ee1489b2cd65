"""Where an ELF file has its code, and which functions: enough to draw addresses from."""

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List

SHT_SYMTAB = 2
STT_FUNC = 2
ET_REL = 1


@dataclass(frozen=True)
class Section:
    name: str
    kind: int
    address: int
    offset: int
    size: int
    link: int


@dataclass(frozen=True)
class Function:
    name: str
    address: int
    size: int


class Elf:
    """An ELF file of any class and byte order, mapped."""

    def __init__(self, path: Path):
        self.path = path
        with open(path, "rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._bytes[:4] != b"\x7fELF":
            raise ValueError(f"{path} is not an ELF file")
        self._is64 = self._bytes[4] == 2
        self._order = "<" if self._bytes[5] == 1 else ">"
        self.relocatable = self._unpack("H", 16)[0] == ET_REL
        self.sections = self._read_sections()

    def _unpack(self, layout: str, offset: int):
        return struct.unpack_from(self._order + layout, self._bytes, offset)

    def _read_sections(self) -> Dict[str, Section]:
        table = self._unpack("Q", 0x28)[0] if self._is64 else self._unpack("I", 0x20)[0]
        entry, count, names = self._unpack("HHH", 0x3A if self._is64 else 0x2E)
        layout = "IIQQQQI" if self._is64 else "IIIIIII"
        rows = [self._unpack(layout, table + i * entry) for i in range(count)]
        found = []
        for name, kind, _, address, offset, size, link in rows:
            found.append(Section(self._string(rows[names][4] + name), kind, address, offset, size, link))
        self._by_index = found
        return {section.name: section for section in reversed(found)}

    def _string(self, offset: int) -> str:
        return self._bytes[offset : self._bytes.find(b"\0", offset)].decode("utf-8", "replace")

    def text(self) -> Section:
        """Returns the section .text; of a relocatable file addresses in it count from 0."""
        return self.sections[".text"]

    def functions(self) -> List[Function]:
        """Returns the functions in .text whose name occurs once, by name."""
        table = next(s for s in self._by_index if s.kind == SHT_SYMTAB)
        strings = self._by_index[table.link].offset
        text = self.text()
        rows = struct.iter_unpack(
            self._order + ("IBBHQQ" if self._is64 else "IIIBBH"),
            self._bytes[table.offset : table.offset + table.size],
        )
        found: Dict[str, List[Function]] = {}
        for row in rows:
            if self._is64:
                name, info, _, _, address, size = row
            else:
                name, address, size, info, _, _ = row
            if info & 0xF == STT_FUNC and size and 0 <= address - text.address < text.size:
                label = self._string(strings + name)
                found.setdefault(label, []).append(Function(label, address, size))
        return sorted((f[0] for f in found.values() if len(f) == 1), key=lambda f: f.name)
