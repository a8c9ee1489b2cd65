package dropsite.analyze.classify;

import dropsite.analyze.rules.RuleData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The classes of drops: dotted ids, most general word first, as rule data lists them. */
public final class ClassTree {
  private static final Pattern ID = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*");

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * A class.
   *
   * @param meaning a few words
   */
  public record Entry(String id, Severity severity, String meaning) {}

  /** Takes the classes that a file lists; one that is known is said anew. */
  void add(RuleData classes) {
    for (RuleData item : classes.items()) {
      item.expectOnly(Set.of("id", "severity", "meaning"));
      String id = item.get("id").text();
      if (!ID.matcher(id).matches()) {
        throw item.get("id")
            .malformed("expected words with dots between them, found \"" + id + "\"");
      }
      entries.put(id, new Entry(id, Severity.of(item.get("severity")), item.get("meaning").text()));
    }
  }

  /** Returns the classes in the order they are listed. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** Returns a class, or null when there is none of the id. */
  public @Nullable Entry get(String id) {
    return entries.get(id);
  }

  /** Returns whether a class is the given one or below it. */
  public static boolean isWithin(String id, String ancestor) {
    return id.equals(ancestor) || id.startsWith(ancestor + ".");
  }
}
