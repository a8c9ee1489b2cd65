package dropsite.analyze.report;

import dropsite.analyze.input.Coverage;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.Slide;
import dropsite.analyze.stack.ImageFit;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.capture.file.Extent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gathers what the findings of one box rest on, and what would make them better. */
final class Environments {
  private final KernelImage image;
  private final ImageFit fit;
  private final Set<String> modules = new TreeSet<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final Set<String> notRecorded = new LinkedHashSet<>();
  private final Set<String> warnings = new LinkedHashSet<>();
  private boolean unnamedReasons;
  private boolean cut;
  private @Nullable Slide slide;
  private @Nullable String release;
  private @Nullable Long lost;
  private @Nullable Long filtered = 0L;
  private final Map<Long, Extent> extents = new HashMap<>();
  private @Nullable Long recordedNanos = 0L;

  Environments(KernelImage image) {
    this.image = image;
    this.fit = new ImageFit(image);
    this.release = image.facts().release();
  }

  /** Takes note of what a stack shows; once for stacks that are equal. */
  void add(ResolvedStack stack, @Nullable DropReason reason) throws IOException {
    fit.add(stack);
    release = release == null ? stack.event().facts().release() : release;
    unnamedReasons |= reason != null && reason.name() == null;
    if (stack.slide() != null) {
      slide = stack.slide();
    }
    for (ResolvedFrame frame : stack.visibleFrames()) {
      if (frame.module() != null) {
        modules.add(frame.module());
      }
    }
  }

  /** Takes what a recording says about itself. */
  void add(String source, Coverage coverage) {
    if (coverage.lost() != null) {
      lost = (lost == null ? 0 : lost) + coverage.lost();
    }
    filtered = sum(filtered, coverage.filtered());
    coverage.extents().forEach((recording, each) -> extents.merge(recording, each, Extent::and));
    recordedNanos = sum(recordedNanos, coverage.recordedNanos());
    cut |= coverage.cut();
    notes.addAll(coverage.notes());
    coverage.missing().forEach(sentence -> notRecorded.add(source + ": " + sentence));
  }

  /** Takes what is wrong with the recordings together, a sentence. */
  void note(String sentence) {
    notRecorded.add(sentence);
  }

  private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
    return one == null || other == null ? null : Long.valueOf(one + other);
  }

  void warn(List<String> sentences) {
    warnings.addAll(sentences);
  }

  /** Returns how many events the recordings lost; null when nobody counted. */
  @Nullable Long lost() {
    return lost;
  }

  /** Returns how many events happened that no file holds; null when nobody knows. */
  @Nullable Long notHeld() {
    long gone = 0;
    for (Extent each : extents.values()) {
      gone += Math.max(Math.max(each.ofFile(), each.ofRecording()) - each.held(), 0);
    }
    return cut || goesOn() || filtered == null
        ? null
        : Long.valueOf(gone + filtered + (lost == null ? 0 : lost));
  }

  /** Returns how long was recorded; null when one of the recordings does not say. */
  @Nullable Long recordedNanos() {
    return recordedNanos;
  }

  List<String> notRecorded() {
    return List.copyOf(notRecorded);
  }

  Environment environment() throws IOException {
    return new Environment(
        release,
        image.facts().buildId(),
        image.vmlinux().map(symbols -> symbols.file()).orElse(null),
        image.vmlinux().flatMap(symbols -> symbols.buildId()).orElse(null),
        fit.isVeryKernel(),
        slide,
        cut,
        missing(),
        Stream.concat(image.warnings().stream(), warnings.stream()).toList(),
        List.copyOf(notes));
  }

  private boolean goesOn() {
    return extents.values().stream().anyMatch(Extent::goesOn);
  }

  private List<String> missing() throws IOException {
    List<String> missing = new ArrayList<>(notRecorded);
    if (goesOn()) {
      missing.add("the recording goes on in a file that was not read");
    }
    long elsewhere = 0;
    for (Extent each : extents.values()) {
      elsewhere += Math.max(each.ofRecording() - each.ofFile(), 0);
    }
    if (elsewhere > 0) {
      missing.add(
          Wording.plural(elsewhere, "event")
              + " of the recording stood in other files of it, which were not read");
    }
    if (release == null && image.vmlinux().isEmpty()) {
      missing.add(
          "the kernel's release and build-id are not recorded: \"uname -r\" and \"perf buildid-list"
              + " -k\" on the box print them");
    }
    if (image.vmlinux().isEmpty()) {
      missing.add(Advice.forVmlinux(release, image.facts().buildId()));
    }
    String doubt = fit.doubt();
    if (doubt != null) {
      missing.add(doubt);
    }
    List<String> withoutFile = image.modulesWithoutFile(modules);
    if (!withoutFile.isEmpty() && image.vmlinux().isPresent()) {
      missing.add(Advice.forModules(withoutFile));
    }
    if (unnamedReasons) {
      missing.add(
          "drop reasons are numbers only, and numbers mean something else in every kernel:"
              + " --vmlinux or --kernel of the very kernel names them");
    }
    return missing;
  }
}
