package dropsite.analyze.report.html;

import dropsite.analyze.classify.SourceLinks;
import dropsite.analyze.report.CountedStack;
import dropsite.analyze.report.SourceNames;
import dropsite.analyze.report.Wording;
import dropsite.analyze.stack.Layer;
import dropsite.analyze.stack.Repair;
import dropsite.analyze.stack.ResolvedFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stack in a page.
 *
 * @param count of events that had it
 * @param hidden how many frames of the probe are left out
 * @param repairs what was set right in it
 */
record StackView(String count, List<FrameView> frames, long hidden, List<String> repairs) {
  private static final int MOST_FRAMES = 80;
  private static final int MOST_REPAIRS = 40;
  private static final int LONGEST_WORDS = 600;

  /**
   * A frame.
   *
   * @param name symbol and offset, or an address
   * @param mark a word on what it is in the stack; empty for a call as any other
   * @param lines the functions there, innermost first
   * @param note what a reader must know about it; null when nothing
   */
  record FrameView(String name, String mark, List<SourceLine> lines, @Nullable String note) {}

  /**
   * A function in its source.
   *
   * @param before what stands before it
   * @param call the function and its constant arguments
   * @param position file and line; null when not known
   * @param link to there; null when there is none
   */
  record SourceLine(String before, String call, @Nullable String position, @Nullable String link) {}

  static StackView of(CountedStack counted, SourceNames names, SourceLinks links, Room room) {
    List<ResolvedFrame> visible = counted.stack().visibleFrames();
    List<FrameView> frames = new ArrayList<>();
    int most = room.most(MOST_FRAMES);
    visible.stream().limit(most).forEach(frame -> frames.add(of(frame, names, links, room)));
    if (visible.size() > most) {
      frames.add(
          new FrameView(Wording.plural(visible.size() - most, "more frame"), "", List.of(), null));
    }
    long hidden = counted.stack().frames().stream().filter(ResolvedFrame::hidden).count();
    List<String> repairs = new ArrayList<>();
    for (Repair repair : counted.stack().repairs()) {
      repairs.add(repair.kind() + ", frame " + (repair.frame() + 1) + ": " + repair.evidence());
    }
    return new StackView(
        Wording.plural(counted.count(), "event"),
        frames,
        hidden,
        room.cut(repairs, MOST_REPAIRS, LONGEST_WORDS));
  }

  private static FrameView of(
      ResolvedFrame frame, SourceNames names, SourceLinks links, Room room) {
    List<SourceLine> lines = new ArrayList<>();
    if (frame.hasSource() || frame.elided()) {
      add(lines, frame.layers(), "", names, links, room);
      for (List<Layer> other : frame.others()) {
        add(lines, other, "or ", names, links, room);
      }
    }
    String mark = frame.elided() ? "restored" : frame.unreliable() ? "unreliable" : "";
    String note = frame.note();
    return new FrameView(
        room.cut(Wording.frame(frame), LONGEST_WORDS),
        mark,
        lines,
        note == null ? null : room.cut(note, LONGEST_WORDS));
  }

  private static void add(
      List<SourceLine> lines,
      List<Layer> layers,
      String first,
      SourceNames names,
      SourceLinks links,
      Room room) {
    String before = first;
    for (Layer layer : layers) {
      lines.add(of(layer, before, names, links, room));
      before = "inlined by ";
    }
  }

  /** Returns a function in its source. */
  static SourceLine of(
      Layer layer, String before, SourceNames names, SourceLinks links, Room room) {
    String position = names.position(layer.source());
    return new SourceLine(
        before,
        room.cut(names.call(layer), LONGEST_WORDS),
        position == null ? null : room.cut(position, LONGEST_WORDS),
        links.link(names.path(layer.source()), layer.source().line()).orElse(null));
  }
}
