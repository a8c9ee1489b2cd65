package dropsite.capture.file;

import dropsite.bytes.ByteSink;
import dropsite.capture.Losses;
import dropsite.capture.host.HostKernel;
import dropsite.capture.host.HostKernel.ClockReading;
import dropsite.capture.host.HostModule;
import dropsite.capture.host.KernelSymbols;
import dropsite.capture.host.NetworkNames;
import dropsite.capture.host.ReasonEnum;
import dropsite.capture.host.SnapshotPart;
import java.util.Map;
import java.util.function.Consumer;

/** Writes records other than events; codes as in the specification. */
final class RecordFields {
  static final int KERNEL = 1;
  static final int MODULE = 2;
  static final int REASONS = 3;
  static final int SYMBOLS = 4;
  static final int NAMES = 5;
  static final int SNAPSHOT = 6;
  static final int LOSSES = 7;
  static final int NOTE = 8;
  static final int END = 9;

  private RecordFields() {}

  static void write(ByteSink out, HostKernel kernel) {
    nest(
        out,
        KERNEL,
        fields -> {
          fields.text(1, kernel.release());
          fields.text(2, kernel.version());
          fields.text(3, kernel.machine());
          fields.text(4, kernel.buildId());
          fields.bytes(5, kernel.notes());
          writeAddresses(fields, 6, kernel.symbols());
          fields.text(7, kernel.unwinder());
          fields.text(8, kernel.bootId());
          fields.text(9, kernel.hostName());
          fields.text(10, kernel.commandLine());
          for (ClockReading clock : kernel.clocks()) {
            nest(
                fields,
                11,
                inner -> {
                  inner.number(1, clock.bootNanos());
                  inner.number(2, clock.realNanos());
                  inner.number(3, clock.monotonicNanos());
                });
          }
        });
  }

  static void write(ByteSink out, HostModule module) {
    nest(
        out,
        MODULE,
        fields -> {
          fields.text(1, module.name());
          fields.number(2, module.base());
          fields.number(3, module.sizeBytes());
          fields.text(4, module.buildId());
          writeAddresses(fields, 5, module.sections());
        });
  }

  static void write(ByteSink out, ReasonEnum reasons) {
    nest(
        out,
        REASONS,
        fields -> {
          fields.text(1, reasons.origin());
          fields.text(2, reasons.enumName());
          reasons.names().entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .forEach(reason ->
                  nest(
                      fields,
                      3,
                      inner -> {
                        inner.number32(1, reason.getKey());
                        inner.text(2, reason.getValue());
                      }));
        });
  }

  static void write(ByteSink out, KernelSymbols symbols) {
    nest(
        out,
        SYMBOLS,
        fields -> {
          fields.text(1, symbols.about());
          fields.bytes(2, symbols.lines());
        });
  }

  static void write(ByteSink out, NetworkNames names) {
    nest(
        out,
        NAMES,
        fields -> {
          fields.number(1, names.netns());
          names.names().forEach(name -> fields.text(2, name));
          names.pids().forEach(pid -> fields.number32(3, pid));
          for (NetworkNames.Interface each : names.interfaces()) {
            nest(
                fields,
                4,
                inner -> {
                  inner.number32(1, each.ifindex());
                  inner.raw(2, each.name());
                  inner.number32Unless(-1, 3, each.hardwareType());
                });
          }
        });
  }

  static void write(ByteSink out, SnapshotPart part) {
    nest(
        out,
        SNAPSHOT,
        fields -> {
          fields.text(1, part.name());
          fields.number(
              2,
              switch (part.phase()) {
                case BEFORE -> 0;
                case DURING -> 1;
                case AFTER -> 2;
              });
          fields.numberUnless(0, 3, part.netns());
          fields.number(4, part.realNanos());
          fields.text(5, part.origin());
          fields.bytes(6, part.bytes());
          fields.flag(7, part.cut());
          fields.text(8, part.problem());
        });
  }

  static void write(ByteSink out, Losses losses) {
    nest(
        out,
        LOSSES,
        fields -> {
          // -1 stands for "not counted": one more makes that the 0 that a reader assumes.
          fields.numberUnless(0, 1, losses.seen() + 1);
          fields.numberUnless(0, 2, losses.filtered() + 1);
          fields.numberUnless(0, 3, losses.ringFull());
          fields.numberUnless(0, 4, losses.rateLimited());
          fields.numberUnless(0, 5, losses.recursion());
          fields.numberUnless(0, 6, losses.stacksCut());
          fields.numberUnless(0, 7, losses.stacksMissing());
          fields.numberUnless(0, 8, losses.packetsUnreadable());
        });
  }

  static void writeNote(ByteSink out, String note) {
    nest(out, NOTE, fields -> fields.text(1, note));
  }

  static void write(ByteSink out, Totals totals) {
    nest(
        out,
        END,
        fields -> {
          fields.number(1, totals.events());
          fields.number(2, totals.bytes());
          fields.number(3, totals.cpuNanos());
          fields.number(4, totals.durationNanos());
          fields.flag(5, totals.continued());
          fields.numberUnless(0, 6, totals.earlierEvents());
        });
  }

  /** Writes addresses in the order of their names: equal maps give equal bytes. */
  private static void writeAddresses(FieldSink fields, int code, Map<String, Long> addresses) {
    addresses.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry ->
            nest(
                fields,
                code,
                inner -> {
                  inner.text(1, entry.getKey());
                  inner.number(2, entry.getValue());
                }));
  }

  private static void nest(ByteSink out, int code, Consumer<FieldSink> content) {
    nest(new FieldSink(out), code, content);
  }

  private static void nest(FieldSink out, int code, Consumer<FieldSink> content) {
    ByteSink inner = new ByteSink();
    content.accept(new FieldSink(inner));
    out.nested(code, inner);
  }
}
