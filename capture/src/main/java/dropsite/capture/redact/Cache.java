package dropsite.capture.redact;

import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Keeps what was asked for last: mapping takes long, and packets of one flow come together. */
final class Cache<V> {
  private static final int MOST = 1 << 14;

  private final Map<String, V> values =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
          return size() > MOST;
        }
      };

  V get(String key, Supplier<V> fresh) {
    V known = values.get(key);
    if (known == null) {
      known = fresh.get();
      values.put(key, known);
    }
    return known;
  }
}
