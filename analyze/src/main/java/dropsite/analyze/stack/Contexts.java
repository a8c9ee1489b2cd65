package dropsite.analyze.stack;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells apart what the processor was doing in one stack: an interrupt on top of a task.
 *
 * <p>Markers in the text say it; without any, the functions do where one ends and the other begins.
 */
final class Contexts {
  private final EntryFrames entries;

  Contexts(EntryFrames entries) {
    this.entries = entries;
  }

  /** Returns the frames with their contexts; those that nothing tells have none. */
  List<ResolvedFrame> of(List<ResolvedFrame> frames) {
    for (int i = 0; i < frames.size(); i++) {
      String marked = frames.get(i).context();
      if (marked != null) {
        return i == 0 ? frames : beganWith(frames, i, marked);
      }
    }
    List<ResolvedFrame> result = null;
    int begin = 0;
    for (int i = 0; i < frames.size(); i++) {
      ResolvedFrame frame = frames.get(i);
      EntryFrames.Entry entry = frame.unreliable() ? null : entryOf(frame.canonicalName());
      String context = entry == null ? null : entry.context();
      if (entry != null && context != null) {
        int end = entry.ownStack() ? i + 1 : i;
        result = result == null ? new ArrayList<>(frames) : result;
        setContext(result, begin, end, context);
        begin = end;
      }
    }
    if (result == null) {
      return frames;
    }
    setContext(result, begin, result.size(), entries.interrupted());
    return result;
  }

  /** Registers are printed before the first marker, and are of what runs below it. */
  private static List<ResolvedFrame> beganWith(List<ResolvedFrame> frames, int end, String word) {
    List<ResolvedFrame> result = new ArrayList<>(frames);
    setContext(result, 0, end, word);
    return result;
  }

  private EntryFrames.@Nullable Entry entryOf(@Nullable String function) {
    return function != null && entries.deferred().functions().matches(function)
        ? entries.deferred()
        : entries.exception(function);
  }

  private static void setContext(List<ResolvedFrame> frames, int begin, int end, String context) {
    for (int i = begin; i < end; i++) {
      frames.set(i, frames.get(i).inContext(context));
    }
  }
}
