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

  /** The packet, or else the stack, is of one of these families: ip, ip6, arp. */
  record OfFamily(Names names) implements Condition {
    private static final int WEIGHT = 3;

    @Override
    public int fit(Drop drop, Packet packet) {
      String family = packet.family();
      return names.fit(family == null ? drop.way().family() : family, WEIGHT, WEIGHT);
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
      return names.inWords("family");
    }

    @Override
    public String evidence(Drop drop) {
      return "the packet is of family " + String.join(" or ", names.written());
    }
  }

  /** The packet, or else the stack, is of one of these protocols: TCP, UDP, ICMP and so on. */
  record OfProtocol(Names names) implements Condition {
    private static final int WEIGHT = 3;

    @Override
    public int fit(Drop drop, Packet packet) {
      String protocol = packet.protocol();
      return names.fit(protocol == null ? drop.way().protocol() : protocol, WEIGHT, WEIGHT);
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
      return names.inWords("protocol");
    }

    @Override
    public String evidence(Drop drop) {
      return "the packet is " + String.join(" or ", names.written());
    }
  }

  /** The stack shows the packet going this way: receive, transmit, forward. */
  record Going(Names names) implements Condition {
    private static final int WEIGHT = 3;

    @Override
    public int fit(Drop drop, Packet packet) {
      Way.Direction direction = drop.way().direction();
      return direction == null ? NO : names.fit(direction.word(), WEIGHT, WEIGHT);
    }

    @Override
    public int weight() {
      return WEIGHT;
    }

    @Override
    public String inWords() {
      return names.inWords("direction");
    }

    @Override
    public String evidence(Drop drop) {
      return "by its stack the packet was on the way of " + String.join(" or ", names.written());
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
