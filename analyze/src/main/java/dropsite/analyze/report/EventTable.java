package dropsite.analyze.report;

import dropsite.analyze.input.EventFacts;
import dropsite.analyze.input.PacketSummary;
import dropsite.analyze.input.StackEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The events of a report, a row for each. Kept in columns, since there may be millions of them:
 * what repeats itself is kept once.
 */
public final class EventTable {
  /** No time was recorded. */
  public static final long NO_TIME = Long.MIN_VALUE;

  private static final int FIRST_ROWS = 1 << 10;

  private int size;
  private long[] times = new long[FIRST_ROWS];
  private long[] ordinals = new long[FIRST_ROWS];
  private int[] cases = new int[FIRST_ROWS];
  private int[] counts = new int[FIRST_ROWS];
  private int[] places = new int[FIRST_ROWS];
  private int[] tasks = new int[FIRST_ROWS];
  private int[] packets = new int[FIRST_ROWS];
  private int[] findingOfCase = new int[0];

  private final Dictionary<Place> knownPlaces = new Dictionary<>();
  private final Dictionary<Task> knownTasks = new Dictionary<>();
  private final Dictionary<PacketSummary> knownPackets = new Dictionary<>();

  private record Place(int box, int file, @Nullable String interfaceName, @Nullable Long netns) {}

  private record Task(@Nullable String comm, @Nullable Integer pid) {}

  /** Returns how many rows there are. */
  public int size() {
    return size;
  }

  /** Returns a row, counted from 0. */
  public EventRow row(int row) {
    Place place = knownPlaces.get(places[row]);
    Task task = knownTasks.get(tasks[row]);
    long time = times[row];
    return new EventRow(
        row + 1L,
        finding(row),
        place.box,
        place.file,
        ordinals[row],
        time == NO_TIME ? null : Long.valueOf(time),
        counts[row],
        task.comm,
        task.pid,
        place.interfaceName,
        place.netns,
        packet(row));
  }

  /** Returns the number of where a row happened: of box, recording, device and namespace. */
  int place(int row) {
    return places[row];
  }

  /** Returns how many numbers of places there are. */
  int places() {
    return knownPlaces.size();
  }

  /** Returns how many events a row stands for. */
  int count(int row) {
    return counts[row];
  }

  /** Returns the name of the task of a row; null when not recorded. */
  @Nullable String comm(int row) {
    return knownTasks.get(tasks[row]).comm;
  }

  /** Returns the device of a row; null when not recorded. */
  @Nullable String interfaceName(int row) {
    return knownPlaces.get(places[row]).interfaceName;
  }

  /** Returns the packet of a row; null when not recorded. */
  @Nullable PacketSummary packet(int row) {
    return packets[row] < 0 ? null : knownPackets.get(packets[row]);
  }

  /** Returns the time of a row, or {@link #NO_TIME}. */
  public long timeNanos(int row) {
    return times[row];
  }

  /** Returns the index of the finding that a row belongs to; -1 when that was left out. */
  public int finding(int row) {
    return findingOfCase[cases[row]];
  }

  /**
   * Adds a row.
   *
   * @param kind of drop, by whose number {@link #assign} will name its finding
   */
  void add(int box, int file, StackEvent event, DropKind kind) {
    EventFacts facts = event.facts();
    if (size == times.length) {
      grow();
    }
    times[size] = facts.timeNanos() == null ? NO_TIME : facts.timeNanos();
    ordinals[size] = event.line();
    counts[size] = (int) Math.min(event.count(), Integer.MAX_VALUE);
    cases[size] = kind.number();
    places[size] = placeNumber(box, file, facts, kind);
    tasks[size] = taskNumber(facts);
    packets[size] = packetNumber(facts, kind);
    size++;
  }

  /** Events of a kind happened at one device, and mostly are of one recording. */
  private int placeNumber(int box, int file, EventFacts facts, DropKind kind) {
    if (kind.file != file) {
      kind.file = file;
      kind.place = knownPlaces.number(new Place(box, file, facts.interfaceName(), facts.netns()));
    }
    return kind.place;
  }

  /** A task that drops packets drops many. */
  private int taskNumber(EventFacts facts) {
    if (size > 0) {
      int last = tasks[size - 1];
      Task task = knownTasks.get(last);
      if (Objects.equals(task.pid, facts.pid()) && Objects.equals(task.comm, facts.comm())) {
        return last;
      }
    }
    return knownTasks.number(new Task(facts.comm(), facts.pid()));
  }

  /** Packets of a kind are mostly the same in words. */
  private int packetNumber(EventFacts facts, DropKind kind) {
    PacketSummary packet = facts.packet();
    if (packet == null) {
      return -1;
    }
    if (kind.packet < 0 || !packet.equals(knownPackets.get(kind.packet))) {
      kind.packet = knownPackets.number(packet);
    }
    return kind.packet;
  }

  private void grow() {
    int rows = size + (size >> 1);
    times = Arrays.copyOf(times, rows);
    ordinals = Arrays.copyOf(ordinals, rows);
    cases = Arrays.copyOf(cases, rows);
    counts = Arrays.copyOf(counts, rows);
    places = Arrays.copyOf(places, rows);
    tasks = Arrays.copyOf(tasks, rows);
    packets = Arrays.copyOf(packets, rows);
  }

  /** Forgets the times of a box's events. */
  void forgetTimes(int box) {
    for (int row = 0; row < size; row++) {
      if (knownPlaces.get(places[row]).box == box) {
        times[row] = NO_TIME;
      }
    }
  }

  /**
   * Says which findings the rows belong to.
   *
   * @param findings index of the finding by number of the case
   */
  void assign(int[] findings) {
    findingOfCase = findings.clone();
  }

  /** Values by number, each once. */
  private static final class Dictionary<T> {
    private final Map<T, Integer> numbers = new HashMap<>();
    private final List<T> values = new ArrayList<>();

    int number(T value) {
      Integer known = numbers.get(value);
      if (known != null) {
        return known;
      }
      numbers.put(value, values.size());
      values.add(value);
      return values.size() - 1;
    }

    int size() {
      return values.size();
    }

    T get(int number) {
      return values.get(number);
    }
  }
}
