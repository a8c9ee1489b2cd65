package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The abbreviation table of one unit (DWARF 5 §7.5.3), decoded only as far as codes have been asked
 * for: the root DIE of a unit mostly needs its first entry.
 */
final class Abbreviations {
  /** Codes beyond this are kept in a map, so that a hostile code cannot claim memory. */
  private static final int MAX_DENSE_CODE = 1 << 16;

  private final ByteCursor cursor;
  private final Encoding encoding;
  private @Nullable Abbreviation[] dense = new Abbreviation[64];
  private final Map<Long, Abbreviation> sparse = new HashMap<>();
  private int[] scratchNames = new int[32];
  private int[] scratchForms = new int[32];
  private boolean complete;
  private int weightBytes;

  /**
   * @param cursor at the first entry of the table
   */
  Abbreviations(ByteCursor cursor, Encoding encoding) {
    this.cursor = cursor;
    this.encoding = encoding;
  }

  /**
   * Returns the abbreviation of a code.
   *
   * @param die cursor behind the code, for the message
   */
  Abbreviation get(long code, ByteCursor die) {
    // Without a lock: entries are immutable, and one that is not seen here is found under the lock.
    @Nullable Abbreviation[] seen = dense;
    Abbreviation known = code >= 0 && code < seen.length ? seen[(int) code] : null;
    if (known != null) {
      return known;
    }
    Abbreviation read = readUntil(code);
    if (read == null) {
      throw die.malformed("abbreviation " + Long.toUnsignedString(code) + " does not exist");
    }
    return read;
  }

  /** Returns what has been decoded so far, by code. */
  @Nullable Abbreviation[] known() {
    return dense;
  }

  int weightBytes() {
    return weightBytes;
  }

  private synchronized @Nullable Abbreviation readUntil(long wanted) {
    Abbreviation known = kept(wanted);
    while (known == null && !complete) {
      long code = cursor.uleb();
      if (code == 0) {
        complete = true;
        break;
      }
      Abbreviation read = readEntry();
      weightBytes += read.weightBytes();
      keep(code, read);
      known = code == wanted ? read : null;
    }
    return known;
  }

  private @Nullable Abbreviation kept(long code) {
    return code >= 0 && code < MAX_DENSE_CODE
        ? (code < dense.length ? dense[(int) code] : null)
        : sparse.get(code);
  }

  private void keep(long code, Abbreviation entry) {
    if (code < 0 || code >= MAX_DENSE_CODE) {
      sparse.putIfAbsent(code, entry);
      return;
    }
    if (code >= dense.length) {
      dense = Arrays.copyOf(dense, Math.max((int) code + 1, dense.length * 2));
    }
    if (dense[(int) code] == null) {
      dense[(int) code] = entry;
    }
  }

  private Abbreviation readEntry() {
    long tag = cursor.uleb();
    boolean hasChildren = cursor.u8() != 0;
    int[] names = scratchNames;
    int[] forms = scratchForms;
    long[] constants = new long[0];
    int count = 0;
    while (true) {
      long name = cursor.uleb();
      long form = cursor.uleb();
      if (name == 0 && form == 0) {
        break;
      }
      if (name >>> 31 != 0 || form >>> 31 != 0) {
        throw cursor.malformed("attribute or form code is out of range");
      }
      if (count == names.length) {
        names = Arrays.copyOf(names, count * 2);
        forms = Arrays.copyOf(forms, count * 2);
        scratchNames = names;
        scratchForms = forms;
      }
      names[count] = (int) name;
      forms[count] = (int) form;
      if (form == Dw.FORM_IMPLICIT_CONST) {
        constants = Arrays.copyOf(constants, names.length);
        constants[count] = cursor.sleb();
      }
      count++;
    }
    return new Abbreviation(
        (int) tag,
        hasChildren,
        Arrays.copyOf(names, count),
        Arrays.copyOf(forms, count),
        constants.length == 0 ? constants : Arrays.copyOf(constants, count),
        encoding);
  }
}
