package dropsite.capture.file;

import dropsite.bytes.ByteSink;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.HostModule;
import dropsite.capture.host.ReasonEnum;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The first two blocks of a file. The second, an interface without a device, holds what no address
 * can be resolved without in an option: tshark leaves out custom blocks when it filters, but copies
 * interfaces with all of their options.
 */
final class FileHead {
  /** What is put aside for the rest of the option. */
  private static final int ROOM_BYTES = 256;

  private final BlockSink blocks;
  private final long recording;

  FileHead(BlockSink blocks, long recording) {
    this.blocks = blocks;
    this.recording = recording;
  }

  void write(CaptureStart start) {
    HostKernel kernel = start.kernel();
    blocks.begin(Format.SECTION_HEADER);
    blocks.bytes().u32(Format.BYTE_ORDER_MAGIC);
    blocks.bytes().u16(1);
    blocks.bytes().u16(0);
    // The section's length is not known: it grows.
    blocks.bytes().u64(-1);
    blocks.textOption(Format.OPTION_HARDWARE, kernel.machine());
    blocks.textOption(Format.OPTION_SYSTEM, "Linux " + kernel.release());
    blocks.textOption(Format.OPTION_APPLICATION, start.application());
    blocks.endOfOptions();
    blocks.end();
    writeInterface(blocks, "(no device)", "packets without a device", recording, facts(start));
  }

  /**
   * Writes the description of an interface.
   *
   * @param records that stand with it
   */
  static void writeInterface(
      BlockSink blocks, String name, String description, long recording, ByteSink records) {
    blocks.begin(Format.INTERFACE_DESCRIPTION);
    blocks.bytes().u16(Format.LINK_TYPE);
    blocks.bytes().u16(0);
    blocks.bytes().u32(0);
    blocks.textOption(Format.OPTION_INTERFACE_NAME, name);
    blocks.textOption(
        Format.OPTION_INTERFACE_DESCRIPTION,
        description + ", recording " + HexFormat.of().toHexDigits(recording));
    blocks.beginOption(Format.OPTION_TIME_RESOLUTION);
    blocks.bytes().u8(9);
    blocks.endOption();
    blocks.beginOption(Format.OPTION_CUSTOM);
    blocks.envelope(0);
    byte[] compressed = BlockSink.compress(records);
    blocks.recordsHeader(recording, records.size(), compressed.length);
    blocks.bytes().raw(compressed);
    blocks.endOption();
    blocks.endOfOptions();
    blocks.end();
  }

  /** Returns as much as an option can hold: sections of modules never, reasons and modules last. */
  private static ByteSink facts(CaptureStart start) {
    List<HostModule> modules = start.modules().stream().map(FileHead::brief).toList();
    ByteSink all = facts(start.kernel(), modules, start.reasons());
    if (tooLarge(all)) {
      all = facts(start.kernel(), modules, List.of());
    }
    if (tooLarge(all)) {
      all = facts(start.kernel(), List.of(), List.of());
    }
    return tooLarge(all) ? new ByteSink() : all;
  }

  /** Returns whether records do not fit into an option. */
  static boolean tooLarge(ByteSink records) {
    return BlockSink.compress(records).length > Format.LONGEST_OPTION_BYTES - ROOM_BYTES;
  }

  private static ByteSink facts(
      HostKernel kernel, List<HostModule> modules, List<ReasonEnum> reasons) {
    ByteSink all = new ByteSink();
    RecordFields.write(all, kernel);
    modules.forEach(module -> RecordFields.write(all, module));
    reasons.forEach(each -> RecordFields.write(all, each));
    return all;
  }

  static HostModule brief(HostModule module) {
    return new HostModule(
        module.name(), module.base(), module.sizeBytes(), module.buildId(), Map.of());
  }
}
