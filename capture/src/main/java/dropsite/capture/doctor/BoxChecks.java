package dropsite.capture.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What lies beside the kernel: commands and room on disks. */
final class BoxChecks {
  private static final List<String> SNAPSHOT =
      List.of(
          "nft",
          "iptables-save",
          "ip6tables-save",
          "arptables-save",
          "ebtables-save",
          "ip",
          "tc",
          "ethtool");
  private static final long FEW_BYTES = 256L << 20;
  private static final int MEGABYTE = 1_000_000;

  private final BoxFiles files;
  private final List<Path> folders;

  BoxChecks(BoxFiles files, List<Path> folders) {
    this.files = files;
    this.folders = folders;
  }

  private Optional<Path> find(String program) {
    return folders.stream()
        .map(folder -> files.root().resolve(folder.toString().replaceFirst("^/+", "")))
        .map(folder -> folder.resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Check bpftrace() {
    return find("bpftrace")
        .map(path -> Check.ok(Topic.BPFTRACE, path.toString()))
        .orElseGet(() ->
            Check.warning(
                Topic.BPFTRACE,
                "not installed",
                "only needed for the script of dropsite capture --print-bpftrace"));
  }

  Check tools() {
    List<String> lacking = SNAPSHOT.stream().filter(tool -> find(tool).isEmpty()).toList();
    List<String> there = SNAPSHOT.stream().filter(tool -> !lacking.contains(tool)).toList();
    String found = there.isEmpty() ? "none" : String.join(", ", there);
    return lacking.isEmpty()
        ? Check.ok(Topic.TOOLS, found)
        : Check.warning(
            Topic.TOOLS,
            found + "; not " + String.join(", ", lacking),
            "install those whose tables are in use here; the snapshot goes without the others");
  }

  Check output(Path given) {
    Path folder = given.toAbsolutePath().normalize();
    if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
      return Check.missing(
          Topic.OUTPUT,
          folder + (Files.isDirectory(folder) ? " cannot be written to" : " is no folder"),
          "name a file in a folder that can be written to");
    }
    try {
      FileStore store = Files.getFileStore(folder);
      long free = store.getUsableSpace();
      String found = "%s, %,d MB free (%s)".formatted(folder, free / MEGABYTE, store.type());
      return free < FEW_BYTES
          ? Check.warning(Topic.OUTPUT, found, "make room, or bound the recording by --max-bytes")
          : Check.ok(Topic.OUTPUT, found);
    } catch (IOException e) {
      return Check.warning(Topic.OUTPUT, folder + ": " + e.getMessage(), "its room is not known");
    }
  }
}
