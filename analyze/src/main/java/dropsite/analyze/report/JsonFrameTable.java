package dropsite.analyze.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Frames of all stacks of a report, each once and by number: many stacks share most of theirs. */
final class JsonFrameTable {
  private final List<BoxReport> boxes;
  private final Map<Framed, Integer> first = new LinkedHashMap<>();
  private int next;

  private record Framed(int box, ResolvedFrame frame) {}

  JsonFrameTable(List<BoxReport> boxes) {
    this.boxes = boxes;
  }

  /** Writes the numbers of a stack's frames into an array that has been begun. */
  void writeNumbers(JsonGenerator json, int box, ResolvedStack stack) throws IOException {
    for (ResolvedFrame frame : stack.whole()) {
      int functions = Math.max(frame.layers().size(), 1);
      Integer known = first.putIfAbsent(new Framed(box, frame), next);
      int from = known == null ? next : known;
      next += known == null ? functions : 0;
      for (int i = 0; i < functions; i++) {
        json.writeNumber(from + i);
      }
    }
  }

  /** Writes the frames that have got numbers into an array that has been begun. */
  void write(JsonGenerator json) throws IOException {
    List<JsonFrame> ofBoxes = new ArrayList<>();
    boxes.forEach(box -> ofBoxes.add(new JsonFrame(box.names())));
    for (Framed framed : first.keySet()) {
      ofBoxes.get(framed.box).write(json, framed.frame);
    }
  }
}
