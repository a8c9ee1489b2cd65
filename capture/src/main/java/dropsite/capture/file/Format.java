package dropsite.capture.file;

import java.nio.charset.StandardCharsets;

/** Numbers of docs/capture-format.md, and of the pcapng specification that it rests on. */
final class Format {
  static final int SECTION_HEADER = 0x0A0D0D0A;
  static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
  static final int INTERFACE_DESCRIPTION = 1;
  static final int ENHANCED_PACKET = 6;

  /** A block of someone's own that tools copy. */
  static final int CUSTOM_BLOCK = 0x00000BAD;

  static final int OPTION_END = 0;
  static final int OPTION_COMMENT = 1;
  static final int OPTION_HARDWARE = 2;
  static final int OPTION_SYSTEM = 3;
  static final int OPTION_APPLICATION = 4;
  static final int OPTION_INTERFACE_NAME = 2;
  static final int OPTION_INTERFACE_DESCRIPTION = 3;
  static final int OPTION_TIME_RESOLUTION = 9;

  /** An option of someone's own that tools copy, binary. */
  static final int OPTION_CUSTOM = 2989;

  static final int LONGEST_OPTION_BYTES = 0xffff;
  static final int BLOCK_FRAME_BYTES = 12;
  static final int SHORTEST_SECTION_HEADER_BYTES = 28;
  static final int PACKET_HEADER_BYTES = 20;

  /** LINKTYPE_LINUX_SLL2. */
  static final int LINK_TYPE = 276;

  static final int LINK_HEADER_BYTES = 20;

  /** The enterprise number for examples (RFC 5612), until the project owns one. */
  static final int ENTERPRISE = 32473;

  /** Tells our blocks and options from those of others under the same number. */
  static final byte[] MAGIC = "dropsite\0".getBytes(StandardCharsets.ISO_8859_1);

  static final int MAJOR = 1;
  static final int MINOR = 0;

  /** Enterprise number, magic, versions, and the number of parts that follow. */
  static final int ENVELOPE_BYTES = 16;

  /** Recording and both sizes, between envelope and compressed records. */
  static final int RECORDS_HEADER_BYTES = 16;

  /** Wireshark's tools copy no block that holds more (WTAP_MAX_PACKET_SIZE_STANDARD). */
  static final int LONGEST_PART_BYTES = 240_000;

  /** What the records of one custom block, or of several that belong together, may come to. */
  static final int MOST_RECORDS_BYTES = 32 << 20;

  /** Wireshark's limit for blocks of any kind (MAX_BLOCK_SIZE). */
  static final int LONGEST_BLOCK_BYTES = 16 << 20;

  /** Of one text within the records. */
  static final int MOST_TEXT_BYTES = 16 << 20;

  static final int MOST_FRAMES = 1024;

  /** Of a packet; probes are asked for far less. */
  static final int MOST_PACKET_BYTES = 0xffff;

  static final long MOST_ORIGINAL_BYTES = 0xffff_ff00L;

  private Format() {}
}
