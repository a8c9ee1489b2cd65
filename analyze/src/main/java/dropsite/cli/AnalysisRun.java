package dropsite.cli;

import dropsite.analyze.box.Box;
import dropsite.analyze.box.Namespace;
import dropsite.analyze.classify.Classifier;
import dropsite.analyze.firewall.Firewall;
import dropsite.analyze.input.EventReader;
import dropsite.analyze.input.ReadAhead;
import dropsite.analyze.input.Recordings;
import dropsite.analyze.kernel.KernelFacts;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.kernel.RecordedBoot;
import dropsite.analyze.kernel.RecordedKernel;
import dropsite.analyze.network.NetworkAttributor;
import dropsite.analyze.report.BoxFindings;
import dropsite.analyze.report.Narrowing;
import dropsite.analyze.report.Report;
import dropsite.analyze.report.ReportBuilder;
import dropsite.analyze.session.Analysis;
import dropsite.analyze.session.Redaction;
import dropsite.command.Streams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads recordings, box by box, into one report. */
final class AnalysisRun {
  private final Streams streams;
  private final KernelOptions kernel;
  private final Narrowing narrowing;
  private final Classifier classifier;
  private final boolean redact;
  private Redaction redaction = Redaction.NONE;
  private final List<List<String>> files = new ArrayList<>();
  private final List<String> notRecorded = new ArrayList<>();
  private String why = "no stack found";

  /**
   * @param redact whether what tells whose recordings are is replaced
   */
  AnalysisRun(
      Streams streams,
      KernelOptions kernel,
      Narrowing narrowing,
      Classifier classifier,
      boolean redact) {
    this.streams = streams;
    this.kernel = kernel;
    this.narrowing = narrowing;
    this.classifier = classifier;
    this.redact = redact;
  }

  /**
   * Recordings of one boot of one box.
   *
   * @param recorded what they say of it, each
   */
  private record Boot(@Nullable String id, List<RecordedBoot> recorded, List<String> files) {
    String hostName() {
      return recorded.isEmpty() ? "" : recorded.getFirst().hostName();
    }

    /** Returns what is told of it: names and times are those of all of its recordings. */
    Narrowing of(Narrowing narrowing) {
      Map<Long, Namespace> namespaces = new HashMap<>();
      recorded.forEach(each -> namespaces.putAll(each.namespaces()));
      return narrowing.of(
          namespaces,
          recorded.stream()
              .map(RecordedBoot::firstNanos)
              .filter(Objects::nonNull)
              .min(Comparator.naturalOrder())
              .orElse(null));
    }
  }

  /**
   * Returns the report on some recordings; null when they hold no stack.
   *
   * @param recordings as the user named them, known to be there
   */
  @Nullable Report report(List<String> recordings) throws IOException {
    List<Boot> boots = boots(recordings);
    prepareFor(boots);
    ReportBuilder builder =
        new ReportBuilder(
            narrowing, List.of(new Firewall(), new NetworkAttributor()), boots.size() > 1);
    for (Boot boot : boots) {
      read(boot, boots.size() == 1, builder);
    }
    if (builder.leftOut() > 0) {
      why = Narrowing.notAskedFor(builder.leftOut());
    }
    return builder.isEmpty() ? null : builder.build();
  }

  /** Returns why there is no report. */
  String why() {
    return why;
  }

  /**
   * Prepares for several reports that are changed alike.
   *
   * @param recordings of all of them
   */
  void prepare(List<String> recordings) throws IOException {
    if (redact) {
      prepareFor(boots(recordings));
    }
  }

  private void prepareFor(List<Boot> boots) {
    if (redact && redaction.redactor() == null) {
      redaction = Redaction.withRandomKey(boots.stream().map(Boot::hostName).toList());
    }
  }

  /** Returns the files of each box of the report, as the user named them. */
  List<List<String>> files() {
    return List.copyOf(files);
  }

  /** Returns how recordings were changed while they were read. */
  Redaction redaction() {
    return redaction;
  }

  /** Returns what the recordings lack, as far as they know; a sentence each. */
  List<String> notRecorded() {
    return List.copyOf(notRecorded);
  }

  private void read(Boot boot, boolean only, ReportBuilder builder) throws IOException {
    InputFiles inputs = new InputFiles(streams);
    List<String> names = boot.files.stream().map(InputFiles::name).toList();
    String label = Box.label(boot.hostName(), boot.id == null ? "" : boot.id);
    if (!narrowing.admitsHost(label.isEmpty() ? names.getFirst() : label)) {
      why = "no box of that name";
      return;
    }
    KernelFacts facts = boot.recorded.isEmpty() ? null : boot.recorded.getFirst().facts();
    facts = facts == null ? null : facts.from(redaction.file(facts.source()));
    Narrowing ofBox = boot.of(narrowing);
    try (KernelImage image = kernel.open(streams, boot.files, facts, only)) {
      files.add(boot.files);
      BoxFindings findings =
          builder.begin(
              ofBox,
              redaction.file(names.getFirst()),
              names.stream().map(redaction::file).toList(),
              image,
              kernel.fullPath());
      Analysis analysis =
          new Analysis(image, kernel.exact(), classifier, ofBox, redaction, findings);
      for (String file : boot.files) {
        try (EventReader events =
            new ReadAhead(Recordings.open(InputFiles.name(file), inputs.open(file), boot.id))) {
          analysis.read(InputFiles.name(file), events);
        }
      }
      builder.end(findings, analysis.box());
      notRecorded.addAll(findings.notRecorded());
      kernel.keepIndex(streams, analysis.asked());
    }
  }

  /** Returns the recordings by boot; texts and what says nothing of its boot are taken as one. */
  private static List<Boot> boots(List<String> recordings) throws IOException {
    Map<String, Boot> boots = new LinkedHashMap<>();
    for (String file : recordings) {
      List<RecordedBoot> recorded =
          file.equals(InputFiles.STANDARD_INPUT)
              ? List.of()
              : RecordedKernel.boots(Path.of(file)).stream()
                  .filter(boot -> !boot.bootId().isEmpty())
                  .toList();
      if (recorded.isEmpty()) {
        boots
            .computeIfAbsent("", _ -> new Boot(null, List.of(), new ArrayList<>()))
            .files
            .add(file);
      }
      for (RecordedBoot each : recorded) {
        Boot boot =
            boots.computeIfAbsent(
                each.bootId(), id -> new Boot(id, new ArrayList<>(), new ArrayList<>()));
        boot.recorded.add(each);
        boot.files.add(file);
      }
    }
    return List.copyOf(boots.values());
  }
}
