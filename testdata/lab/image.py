"""What the guest boots: Debian's kernels and an initramfs, made without root and always the same."""

import gzip
import hashlib
import lzma
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PACKAGES = {
    "5.10": r"linux-image-5\.10\.0-[0-9]+-cloud-amd64",
    "6.1": r"linux-image-6\.1\.0-56-cloud-amd64",
    "6.12": r"linux-image-6\.12\.117\+deb12-cloud-amd64",
}
# The same series, when the archive has gone on.
SERIES = {
    "5.10": PACKAGES["5.10"],
    "6.1": r"linux-image-6\.1\.0-[0-9]+-cloud-amd64",
    "6.12": r"linux-image-6\.12\.[0-9]+\+deb12-cloud-amd64",
}
# Debian 11, whose kernel is 5.10; the others come from apt's own sources.
BULLSEYE = """deb [trusted=yes] http://deb.debian.org/debian bullseye main
deb [trusted=yes] http://deb.debian.org/debian-security bullseye-security main
"""

TOOLS = """
busybox dash ip tc bridge nft xtables-legacy-multi xtables-nft-multi bpftool ethtool conntrack ipset
kmod setpriv ebtables-legacy arptables-legacy perl ovs-dpctl
""".split()
LINKS = {
    "sh": "dash",
    **{n: "xtables-nft-multi" for n in (
        "iptables-nft iptables-nft-save ip6tables-nft ip6tables-nft-save ebtables-nft "
        "ebtables-nft-save arptables-nft arptables-nft-save").split()},
    **{n: "xtables-legacy-multi" for n in (
        "iptables-legacy iptables-legacy-save ip6tables-legacy ip6tables-legacy-save "
        "iptables-save ip6tables-save iptables ip6tables").split()},
    **{n: "kmod" for n in "modprobe insmod lsmod depmod modinfo rmmod".split()},
}
MODULES = """
virtio_pci virtio_blk veth bridge br_netfilter dummy tun 8021q
ip_tables iptable_filter iptable_raw iptable_mangle iptable_nat ip6_tables ip6table_filter
ip6table_raw x_tables xt_tcpudp xt_conntrack ipt_REJECT ip6t_REJECT nf_tables nft_compat nft_ct
nft_reject_inet nft_reject_ipv4 nft_counter nft_limit nf_conntrack nf_conntrack_netlink
nf_conntrack_bridge ebtables ebtable_filter ebt_ip ebt_ip6 arp_tables arptable_filter nft_meta_bridge
sch_netem sch_tbf sch_htb sch_fq_codel sch_ingress cls_u32 cls_bpf cls_flower act_gact act_bpf
xfrm_user af_key esp4 nfnetlink inet_diag tcp_diag udp_diag
ip6table_mangle ebt_802_3 xt_set ip_set ip_set_hash_ip ip_set_hash_net ip_set_hash_ipport xt_multiport
xt_mark xt_comment xt_LOG nf_log_syslog xt_mac xt_limit nft_log nft_limit nft_fib_inet nft_fib_ipv4
ifb macvlan ipvlan vxlan bonding gre ip_gre ipip sctp openvswitch act_police act_mirred cls_matchall
nft_objref sch_red sch_sfq sch_cake sch_fq sch_hfsc sch_codel sch_prio
""".split()


def run(*command: str | Path, **options) -> str:
    done = subprocess.run([str(c) for c in command], text=True, capture_output=True, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def kernel(series: str, cache: Path) -> Path:
    """The folder of an unpacked kernel package, fetched with apt when it is not there."""
    folder = cache / "kernels" / series
    if folder.exists():
        return folder
    state = cache / "apt" / series
    for part in ("lists/partial", "cache/archives/partial", "download"):
        (state / part).mkdir(parents=True, exist_ok=True)
    options = [f"-oDir::State={state}", f"-oDir::Cache={state}/cache", "-oAPT::Architecture=amd64",
               f"-oAPT::Sandbox::User={os.environ.get('USER', 'root')}"]
    if series == "5.10":
        (state / "sources.list").write_text(BULLSEYE)
        options += [f"-oDir::Etc::sourcelist={state}/sources.list", "-oDir::Etc::sourceparts=-"]
    run("apt-get", *options, "-q", "update")
    names = run("apt-cache", *options, "pkgnames", "linux-image-").split()

    def newest(pattern: str) -> list[str]:
        fits = [n for n in names if re.fullmatch(pattern, n) and
                run("apt-cache", *options, "madison", n)]
        return sorted(fits, key=lambda n: [int(d) for d in re.findall(r"\d+", n)])

    fits = newest(PACKAGES[series]) or newest(SERIES[series])
    if not fits:
        raise SystemExit(f"no package {PACKAGES[series]} in apt's sources")
    run("apt-get", *options, "-q", "download", fits[-1], cwd=state / "download")
    partial = folder.parent / f"{series}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for archive in (state / "download").glob("*.deb"):
        run("dpkg-deb", "-x", archive, partial)
    partial.rename(folder)
    shutil.rmtree(state)
    return folder


class Image:
    """A file tree, written as a cpio archive of the kernel's newc format."""

    def __init__(self) -> None:
        self.entries: dict[str, tuple[int, bytes]] = {}
        for folder in ("bin", "sbin", "lib", "lib64"):
            self.link(folder, f"usr/{folder}")
        for folder in ("proc", "sys", "dev", "run", "tmp", "root", "out", "cg", "var/log", "boot"):
            self.folder(folder)

    def folder(self, path: str) -> None:
        parts = path.split("/")
        for i in range(1, len(parts) + 1):
            self.entries.setdefault("/".join(parts[:i]), (stat.S_IFDIR | 0o755, b""))

    def link(self, path: str, target: str) -> None:
        if "/" in path:
            self.folder(path.rsplit("/", 1)[0])
        self.entries[path] = (stat.S_IFLNK | 0o777, target.encode())

    def put(self, path: str, data: bytes, mode: int = 0o644) -> None:
        path = re.sub(r"^/?(bin|sbin|lib|lib64)/", r"usr/\1/", path).lstrip("/")
        self.folder(path.rsplit("/", 1)[0] if "/" in path else "tmp")
        self.entries[path] = (stat.S_IFREG | mode, data)

    def file(self, source: Path, path: str | None = None) -> None:
        mode = 0o755 if os.access(source, os.X_OK) else 0o644
        self.put(path or str(source), source.read_bytes(), mode)

    def program(self, source: Path, path: str | None = None) -> None:
        self.file(source, path)
        self.libraries(source)

    def libraries(self, source: Path) -> None:
        """The shared libraries that a program asks for."""
        said = subprocess.run(["ldd", source], text=True, capture_output=True).stdout
        for library in re.findall(r"(/\S+) \(0x", said):
            self.put(library, Path(library).read_bytes(), 0o755)

    def tree(self, source: Path, path: str) -> None:
        for file in sorted(source.rglob("*")):
            inside = f"{path}/{file.relative_to(source)}"
            if file.is_symlink():
                self.link(inside, os.readlink(file))
            elif file.is_file():
                self.file(file, inside)
                if file.read_bytes()[:4] == b"\x7fELF":
                    self.libraries(file)

    def archive(self) -> bytes:
        out = bytearray()
        entries = sorted(self.entries.items()) + [("TRAILER!!!", (0, b""))]
        for inode, (path, (mode, data)) in enumerate(entries, 1):
            name = path.encode() + b"\0"
            numbers = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0)
            out += b"070701" + b"".join(b"%08x" % n for n in numbers) + name
            out += bytes(-len(out) % 4)
            out += data
            out += bytes(-len(out) % 4)
        return bytes(out)


def which(tool: str) -> Path:
    found = shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if not found:
        raise SystemExit(f"{tool} is missing: see testdata/lab/README.md for the packages")
    return Path(found)


def built(cache: Path) -> Path:
    """The lab's own programs, compiled when their source changed."""
    sources = [FOLDER / "tg.c", FOLDER / "small.bpf.c"]
    key = hashlib.sha256(b"".join(s.read_bytes() for s in sources)).hexdigest()[:16]
    folder = cache / "built" / key
    if not folder.exists():
        folder.mkdir(parents=True)
        clang = next((c for c in ["clang", *(f"clang-{v}" for v in range(30, 10, -1))]
                      if shutil.which(c)), "clang")
        run("gcc", "-O2", "-static", "-s", "-o", folder / "tg", sources[0])
        run(which(clang), "-O2", "-target", "bpf", f"-I/usr/include/{os.uname().machine}-linux-gnu",
            "-c", sources[1], "-o", folder / "small.bpf.o")
    return folder


def base(cache: Path, extra: list[str]) -> Image:
    """Tools and libraries of this machine, and what the lab itself brings."""
    image = Image()
    for tool in TOOLS + extra:
        source = which(tool).resolve()
        image.program(source, f"usr/bin/{tool}")
    for name, target in LINKS.items():
        image.link(f"usr/bin/{name}", target)
    image.link("usr/sbin/modprobe", "../bin/kmod")
    # The savers of these two are scripts, which call the plain names.
    for family in ("ebtables", "arptables"):
        image.link(f"usr/sbin/{family}", f"../bin/{family}-legacy")
        image.file(which(f"{family}-legacy-save"), f"usr/sbin/{family}-legacy-save")
    image.file(Path("/usr/lib/x86_64-linux-gnu/perl-base/strict.pm"))
    installed = {name for name in image.entries}
    for applet in run("busybox", "--list").split():
        if f"usr/bin/{applet}" not in installed:
            image.link(f"usr/bin/{applet}", "busybox")
    libraries = Path("/usr/lib/x86_64-linux-gnu")
    for plugin in sorted((libraries / "xtables").glob("*.so")):
        image.file(plugin)
    for name in ("libbpf.so.1", "libelf.so.1", "libz.so.1", "libpcap.so.0.8", "libzstd.so.1"):
        library = libraries / name
        image.put(str(library), library.read_bytes(), 0o755)
        image.libraries(library)
    for name in ("protocols", "ethertypes", "services"):
        if (Path("/etc") / name).exists():
            image.file(Path("/etc") / name)
    image.put("etc/passwd", b"root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n")
    image.put("etc/group", b"root:x:0:\nnogroup:x:65534:\n")
    programs = built(cache)
    image.program(programs / "tg", "usr/bin/tg")
    image.file(programs / "small.bpf.o", "lab/small.bpf.o")
    for script in sorted((FOLDER / "guest").iterdir()):
        image.put("init" if script.name == "init" else f"lab/{script.name}",
                  script.read_bytes(), 0o755)
    return image


def modules(folder: Path, image: Image, cache: Path) -> None:
    """The modules that the scenarios need, with those they need, uncompressed."""
    release = next((folder / "lib/modules").iterdir()).name
    stage = cache / "stage" / release
    listed = stage / "done"
    if not listed.exists() or listed.read_text() != " ".join(MODULES):
        shutil.rmtree(stage, ignore_errors=True)
        run("depmod", "-b", folder, release)
        for module in MODULES:
            said = subprocess.run(
                ["modprobe", "-d", folder, "-S", release, "--show-depends", module],
                text=True, capture_output=True)
            for path in re.findall(r"^insmod (\S+)", said.stdout, re.M):
                inside = Path(path).relative_to(folder)
                target = stage / inside
                target.parent.mkdir(parents=True, exist_ok=True)
                data = Path(path).read_bytes()
                if path.endswith(".xz"):
                    data, target = lzma.decompress(data), target.with_suffix("")
                elif path.endswith(".gz"):
                    data, target = gzip.decompress(data), target.with_suffix("")
                target.write_bytes(data)
        for name in ("modules.builtin", "modules.builtin.modinfo", "modules.order"):
            source = folder / "lib/modules" / release / name
            if source.exists():
                shutil.copy(source, stage / "lib/modules" / release / name)
        run("depmod", "-b", stage, release)
        listed.write_text(" ".join(MODULES))
    for file in sorted((stage / "lib").rglob("*")):
        if file.is_file():
            image.file(file, f"usr/{file.relative_to(stage)}")
