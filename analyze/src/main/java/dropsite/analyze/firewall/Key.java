package dropsite.analyze.firewall;

import org.jspecify.annotations.Nullable;

/** Where in a packet the value stands that a rule compares. */
sealed interface Key {

  /** Returns what a packet has there: {@link Value#ABSENT} or null where that is not known. */
  @Nullable Value of(PacketAtHook packet);

  /** Returns a noun for it. */
  String words();

  /** A field. */
  record Of(Field field) implements Key {
    @Override
    public @Nullable Value of(PacketAtHook packet) {
      return packet.get(field);
    }

    @Override
    public String words() {
      return field.words();
    }
  }

  /** Some bits of another. */
  record Masked(Key key, Value mask) implements Key {
    @Override
    public @Nullable Value of(PacketAtHook packet) {
      Value value = key.of(packet);
      return value == null || value.absent() ? value : value.and(mask);
    }

    @Override
    public String words() {
      return key.words();
    }
  }

  /**
   * Bits of a header, wherever they mean something or nothing.
   *
   * @param transport whether they are counted from the transport header, not the network header
   */
  record Bits(boolean transport, int offset, int length) implements Key {
    @Override
    public @Nullable Value of(PacketAtHook packet) {
      return packet.bits(transport, offset, length);
    }

    @Override
    public String words() {
      return "a part of the packet";
    }
  }
}
