package dropsite.cli;

import dropsite.btf.Btf;
import dropsite.bytes.Bytes;
import dropsite.capture.tracefs.Offsets;
import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.Command;
import dropsite.command.CommandFailure;
import dropsite.command.ExitCode;
import dropsite.command.Streams;
import dropsite.command.Syntax;
import dropsite.dwarf.DwarfFile;
import dropsite.elf.ElfImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Prints where the members of structures lie that a recording without BPF reads. */
final class OffsetsCommand implements Command {
  private static final String BTF_SECTION = ".BTF";

  private final Streams streams;
  private final Syntax syntax = new Syntax("offsets");
  private final Argument kernel =
      syntax.operand(Takes.PATH, "VMLINUX", "kernel with debugging information or BTF");

  OffsetsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public int run() throws IOException {
    Path vmlinux = Objects.requireNonNull(kernel.path());
    Offsets offsets;
    try (DwarfFile file = DwarfFile.open(vmlinux)) {
      if (!file.image().is64()) {
        throw new CommandFailure(vmlinux + ": is no kernel of 64 bits");
      }
      String buildId =
          file.buildId()
              .orElseThrow(() ->
                  new CommandFailure(
                      vmlinux + ": has no build-id to tell the kernel by that it is from"));
      Optional<Bytes> btf = btf(file.image());
      offsets =
          btf.isPresent() ? Offsets.of(Btf.read(btf.get()), buildId, "") : fromDwarf(file, buildId);
    }
    if (offsets.places().isEmpty()) {
      throw new CommandFailure(
          vmlinux
              + ": describes none of the structures of the network (is it a vmlinux with"
              + " debugging information or BTF?)");
    }
    streams.out().text(offsets.text());
    return ExitCode.OK;
  }

  /** Returns the BTF section, if it has contents: it says the same as DWARF, in less time. */
  private static Optional<Bytes> btf(ElfImage image) {
    return image.section(BTF_SECTION).map(image::contents).filter(bytes -> bytes.sizeBytes() > 0);
  }

  private static Offsets fromDwarf(DwarfFile file, String buildId) {
    Map<String, Offsets.Place> places = new TreeMap<>();
    file.members(Offsets.MEMBERS)
        .forEach((name, place) ->
            places.put(name, Offsets.Place.of(place.offsetBits(), place.sizeBits())));
    return new Offsets(buildId, "", "DWARF", places);
  }
}
