package dropsite.analyze.classify;

import org.jspecify.annotations.Nullable;

/** One thing that must be so for a rule to hold. */
interface Condition {
  /** That a condition does not hold. */
  int NO = 0;

  /** Returns how specific the condition is where it holds; {@link #NO} where it does not. */
  int fit(Drop drop, Packet packet);

  /** Returns the most that {@link #fit} can return. */
  int weight();

  /** Returns whether events of one stack and reason may differ in it. */
  default boolean ofPacket() {
    return false;
  }

  /** Returns the condition as a rule writes it. */
  String inWords();

  /** Returns a sentence that says how it holds; null when that goes without saying. */
  default @Nullable String evidence(Drop drop) {
    return null;
  }

  /** The kernel gave one of these reasons: its own word, and the strongest condition. */
  record OfReason(Names names) implements Condition {
    private static final int WHOLE = 100;
    private static final int PATTERN = 90;

    @Override
    public int fit(Drop drop, Packet packet) {
      return names.fit(drop.reasonName(), WHOLE, PATTERN);
    }

    @Override
    public int weight() {
      return WHOLE;
    }

    @Override
    public String inWords() {
      return names.inWords("reason");
    }
  }

  /** The reason is one of a subsystem's own. */
  record OfSubsystem(Names names) implements Condition {
    private static final int WEIGHT = 50;

    @Override
    public int fit(Drop drop, Packet packet) {
      return drop.reason() == null ? NO : names.fit(drop.reason().subsystem(), WEIGHT, WEIGHT);
    }

    @Override
    public int weight() {
      return WEIGHT;
    }

    @Override
    public String inWords() {
      return names.inWords("subsystem");
    }

    @Override
    public @Nullable String evidence(Drop drop) {
      return drop.reason() == null
          ? null
          : "the reason is one of subsystem " + drop.reason().subsystem();
    }
  }

  /** What the packet, or else the stack, says of a topic is one of these words. */
  record Says(Topic topic, Names names) implements Condition {
    private static final int WEIGHT = 3;

    @Override
    public int fit(Drop drop, Packet packet) {
      return names.fit(topic.word(drop, packet), WEIGHT, WEIGHT);
    }

    @Override
    public int weight() {
      return WEIGHT;
    }

    @Override
    public boolean ofPacket() {
      return topic != Topic.DIRECTION;
    }

    @Override
    public String inWords() {
      return names.inWords(topic.key);
    }

    @Override
    public String evidence(Drop drop) {
      return topic.sentence + String.join(" or ", names.written());
    }
  }

  /** What is told by a packet's headers, or else by the functions on the stack. */
  enum Topic {
    /** ip, ip6, arp. */
    FAMILY("family", "the packet is of family "),
    /** TCP, UDP, ICMP and so on. */
    PROTOCOL("protocol", "the packet is "),
    /** Receive, transmit, forward; by the stack alone. */
    DIRECTION("direction", "by its stack the packet was on the way of ");

    private final String key;
    private final String sentence;

    Topic(String key, String sentence) {
      this.key = key;
      this.sentence = sentence;
    }

    private @Nullable String word(Drop drop, Packet packet) {
      Way way = drop.way();
      return switch (this) {
        case FAMILY -> either(packet.family(), way.family());
        case PROTOCOL -> either(packet.protocol(), way.protocol());
        case DIRECTION -> way.direction() == null ? null : way.direction().word();
      };
    }

    private static @Nullable String either(@Nullable String first, @Nullable String second) {
      return first == null ? second : first;
    }
  }

  /** A field of the packet's headers. */
  record WithField(PacketField field, PacketField.Wanted wanted) implements Condition {
    private static final int WEIGHT = 3;

    @Override
    public int fit(Drop drop, Packet packet) {
      return wanted.holds(field, packet) ? WEIGHT : NO;
    }

    @Override
    public int weight() {
      return WEIGHT;
    }

    @Override
    public boolean ofPacket() {
      return true;
    }

    @Override
    public String inWords() {
      return "packet: " + field.word() + ": " + wanted.written();
    }

    @Override
    public String evidence(Drop drop) {
      return "the packet's headers: " + field.word() + " is " + wanted.written();
    }
  }
}
