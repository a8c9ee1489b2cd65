package dropsite.capture.file;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.capture.Losses;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.HostKernel.ClockReading;
import dropsite.capture.host.HostModule;
import dropsite.capture.host.KernelSymbols;
import dropsite.capture.host.NetworkNames;
import dropsite.capture.host.ReasonEnum;
import dropsite.capture.host.SnapshotPart;
import dropsite.capture.host.SnapshotPart.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a custom block one after another; codes as {@link RecordFields} has them.
 */
final class RecordParser {
  /** Room for 100,000 names; records of large texts are not of objects, and may be larger. */
  private static final int MOST_OBJECTS_BYTES = 4 << 20;

  private final long recording;
  private final FieldCursor records;

  /**
   * @param recording that they are of
   * @param bytes all of them, little-endian
   * @param budget of the file
   */
  RecordParser(long recording, Bytes bytes, FieldBudget budget) {
    this.recording = recording;
    ByteCursor cursor = bytes.cursor(0);
    this.records = new FieldCursor(cursor, cursor.limit(), budget);
  }

  /** Returns the next record of a kind that is known, or null at the end. */
  @Nullable CaptureRecord next() {
    while (records.next()) {
      CaptureRecord record = known();
      if (record != null) {
        return record;
      }
    }
    return null;
  }

  private @Nullable CaptureRecord known() {
    int code = records.code();
    FieldCursor in = records.fields();
    if (code == RecordFields.SYMBOLS) {
      return new CaptureRecord.Symbols(recording, symbols(in));
    }
    if (code == RecordFields.SNAPSHOT) {
      return new CaptureRecord.Snapshot(recording, snapshot(in));
    }
    if (records.length() > MOST_OBJECTS_BYTES) {
      throw records.value().malformed("record " + code + " of " + records.length() + " bytes");
    }
    return switch (code) {
      case RecordFields.KERNEL -> new CaptureRecord.Kernel(recording, kernel(in));
      case RecordFields.MODULE -> new CaptureRecord.Module(recording, module(in));
      case RecordFields.REASONS -> new CaptureRecord.Reasons(recording, reasons(in));
      case RecordFields.NAMES -> new CaptureRecord.Names(recording, names(in));
      case RecordFields.LOSSES -> new CaptureRecord.Lost(recording, losses(in));
      case RecordFields.NOTE -> new CaptureRecord.Note(recording, note(in));
      case RecordFields.END -> new CaptureRecord.End(recording, end(in));
      default -> null;
    };
  }

  private static HostKernel kernel(FieldCursor in) {
    String[] texts = new String[11];
    Arrays.fill(texts, "");
    byte[] notes = {};
    Map<String, Long> symbols = new HashMap<>();
    List<ClockReading> clocks = new ArrayList<>();
    while (in.next()) {
      switch (in.code()) {
        case 1, 2, 3, 4, 7, 8, 9, 10 -> texts[in.code()] = in.text();
        case 5 -> notes = in.bytes();
        case 6 -> readAddress(in.fields(), symbols);
        case 11 -> clocks.add(clock(in.fields()));
        default -> {}
      }
    }
    return new HostKernel(
        texts[1], texts[2], texts[3], texts[4], notes, symbols, texts[7], texts[8], texts[9],
        texts[10], clocks);
  }

  private static ClockReading clock(FieldCursor in) {
    long[] numbers = numbers(in, 3);
    return new ClockReading(numbers[1], numbers[2], numbers[3]);
  }

  private static HostModule module(FieldCursor in) {
    String name = "";
    long base = 0;
    long sizeBytes = 0;
    String buildId = "";
    Map<String, Long> sections = new HashMap<>();
    while (in.next()) {
      switch (in.code()) {
        case 1 -> name = in.text();
        case 2 -> base = in.number();
        case 3 -> sizeBytes = in.number();
        case 4 -> buildId = in.text();
        case 5 -> readAddress(in.fields(), sections);
        default -> {}
      }
    }
    return new HostModule(name, base, sizeBytes, buildId, sections);
  }

  private static ReasonEnum reasons(FieldCursor in) {
    String origin = "";
    String enumName = "";
    Map<Integer, String> names = new HashMap<>();
    while (in.next()) {
      switch (in.code()) {
        case 1 -> origin = in.text();
        case 2 -> enumName = in.text();
        case 3 -> {
          int number = 0;
          String name = "";
          FieldCursor inner = in.fields();
          while (inner.next()) {
            switch (inner.code()) {
              case 1 -> number = inner.number32();
              case 2 -> name = inner.text();
              default -> {}
            }
          }
          names.put(number, name);
        }
        default -> {}
      }
    }
    return new ReasonEnum(origin, enumName, names);
  }

  private static KernelSymbols symbols(FieldCursor in) {
    String about = "";
    byte[] lines = {};
    while (in.next()) {
      switch (in.code()) {
        case 1 -> about = in.text();
        case 2 -> lines = in.bytes();
        default -> {}
      }
    }
    return new KernelSymbols(about, lines);
  }

  private static NetworkNames names(FieldCursor in) {
    long netns = 0;
    List<String> names = new ArrayList<>();
    List<Integer> pids = new ArrayList<>();
    List<NetworkNames.Interface> interfaces = new ArrayList<>();
    while (in.next()) {
      switch (in.code()) {
        case 1 -> netns = in.number();
        case 2 -> names.add(in.text());
        case 3 -> pids.add(in.number32());
        case 4 -> interfaces.add(networkInterface(in.fields()));
        default -> {}
      }
    }
    return new NetworkNames(netns, names, pids, interfaces);
  }

  private static NetworkNames.Interface networkInterface(FieldCursor in) {
    int ifindex = 0;
    String name = "";
    int hardwareType = -1;
    while (in.next()) {
      switch (in.code()) {
        case 1 -> ifindex = in.number32();
        case 2 -> name = in.raw();
        case 3 -> hardwareType = in.number32();
        default -> {}
      }
    }
    return new NetworkNames.Interface(ifindex, name, hardwareType);
  }

  private static SnapshotPart snapshot(FieldCursor in) {
    String name = "";
    Phase phase = Phase.BEFORE;
    long netns = 0;
    long realNanos = 0;
    String origin = "";
    byte[] bytes = {};
    boolean cut = false;
    String problem = "";
    while (in.next()) {
      switch (in.code()) {
        case 1 -> name = in.text();
        case 2 ->
            phase =
                switch (in.number32()) {
                  case 0 -> Phase.BEFORE;
                  case 1 -> Phase.DURING;
                  case 2 -> Phase.AFTER;
                  default -> throw in.value().malformed("a phase that is not known");
                };
        case 3 -> netns = in.number();
        case 4 -> realNanos = in.number();
        case 5 -> origin = in.text();
        case 6 -> bytes = in.bytes();
        case 7 -> cut = true;
        case 8 -> problem = in.text();
        default -> {}
      }
    }
    return new SnapshotPart(name, phase, netns, realNanos, origin, bytes, cut, problem);
  }

  private static Losses losses(FieldCursor in) {
    long[] counts = numbers(in, 8);
    return new Losses(
        counts[1] - 1,
        counts[2] - 1,
        counts[3],
        counts[4],
        counts[5],
        counts[6],
        counts[7],
        counts[8]);
  }

  private static String note(FieldCursor in) {
    String text = "";
    while (in.next()) {
      if (in.code() == 1) {
        text = in.text();
      }
    }
    return text;
  }

  private static Totals end(FieldCursor in) {
    boolean continued = false;
    long[] numbers = new long[7];
    while (in.next()) {
      switch (in.code()) {
        case 1, 2, 3, 4, 6 -> numbers[in.code()] = in.number();
        case 5 -> continued = true;
        default -> {}
      }
    }
    return new Totals(numbers[1], numbers[6], numbers[2], numbers[3], numbers[4], continued);
  }

  /** Reads an address by its name. */
  private static void readAddress(FieldCursor in, Map<String, Long> addresses) {
    String name = "";
    long address = 0;
    while (in.next()) {
      switch (in.code()) {
        case 1 -> name = in.text();
        case 2 -> address = in.number();
        default -> {}
      }
    }
    addresses.put(name, address);
  }

  /** Returns numbers by their codes, which count from 1. */
  private static long[] numbers(FieldCursor in, int count) {
    long[] numbers = new long[count + 1];
    while (in.next()) {
      if (in.code() >= 1 && in.code() <= count) {
        numbers[in.code()] = in.number();
      }
    }
    return numbers;
  }
}
