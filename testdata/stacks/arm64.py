"""The arm64 guest of record: Debian's 6.1.0-56-cloud-arm64 with busybox and our module, no more."""

import re
import shutil
import subprocess
from pathlib import Path

import image

RELEASE = "6.1.0-56-cloud-arm64"
PACKAGES = [f"linux-image-{RELEASE}-unsigned", f"linux-headers-{RELEASE}", "busybox-static"]


def packages(cache: Path) -> Path:
    """The folder of unpacked arm64 packages, fetched with apt when it is not there."""
    folder = cache / "arm64"
    if not folder.exists():
        partial = cache / "arm64.partial"
        shutil.rmtree(partial, ignore_errors=True)
        for part in ("apt/lists/partial", "apt/cache/archives/partial", "deb"):
            (partial / part).mkdir(parents=True)
        options = [f"-oDir::State={partial}/apt", f"-oDir::Cache={partial}/apt/cache",
                   "-oDir::State::status=/dev/null", "-oAPT::Architecture=arm64",
                   "-oAPT::Architectures::=arm64"]
        image.run("apt-get", *options, "-q", "update")
        image.run("apt-get", *options, "-q", "download", *PACKAGES, cwd=partial / "deb")
        for archive in (partial / "deb").glob("*.deb"):
            image.run("dpkg-deb", "-x", archive, partial)
        shutil.rmtree(partial / "apt")
        partial.rename(folder)
    return folder


def module(folder: Path, shared: Path, source: Path) -> Path:
    """Our module: headers are those of arm64, common ones and tools those of this machine."""
    headers = folder / "usr/src" / f"linux-headers-{RELEASE}"
    makefile = headers / "Makefile"
    makefile.write_text(re.sub(r"include \S*/usr/src", f"include {shared}/usr/src",
                               makefile.read_text()))
    for name in ("scripts", "tools"):
        (headers / name).unlink(missing_ok=True)
        (headers / name).symlink_to(shared / "usr/lib/linux-kbuild-6.1" / name)
    image.run("make", "-C", headers, f"M={source}", "ARCH=arm64", "CROSS_COMPILE=aarch64-linux-gnu-",
              "DEB_BUILD_ARCH=amd64", "DEB_HOST_ARCH=arm64", "DEB_HOST_GNU_TYPE=aarch64-linux-gnu",
              f"KCFLAGS=-ffile-prefix-map={source}=/src/dropsite_trouble "
              f"-ffile-prefix-map={shared}= -ffile-prefix-map={folder}=", "modules")
    return source / "dropsite_trouble.ko"


def tree(folder: Path, init: bytes, ko: bytes) -> image.Image:
    made = image.Image()
    made.put("usr/bin/busybox", (folder / "bin/busybox").read_bytes(), 0o755)
    for applet in image.run("busybox", "--list").split():
        if applet != "busybox":
            made.link(f"usr/bin/{applet}", "busybox")
    made.put("init", init, 0o755)
    made.put("lab/dropsite_trouble.ko", ko)
    image.run("depmod", "-b", folder, RELEASE)
    for name in ("virtio_pci", "virtio_blk"):
        said = subprocess.run(["modprobe", "-d", folder, "-S", RELEASE, "--show-depends", name],
                              text=True, capture_output=True).stdout
        for path in re.findall(r"^insmod (\S+)", said, re.M):
            made.file(Path(path), f"usr/{Path(path).relative_to(folder)}")
    for file in (folder / "lib/modules" / RELEASE).glob("modules.*"):
        made.file(file, f"usr/{file.relative_to(folder)}")
    return made
