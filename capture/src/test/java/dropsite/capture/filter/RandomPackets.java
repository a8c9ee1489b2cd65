package dropsite.capture.filter;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Packets that look like those of a network, or nearly, drawn from a seed. */
final class RandomPackets {
  private static final List<String> ADDRESSES_4 =
      List.of(
          "10.0.0.1",
          "10.0.0.2",
          "10.0.0.9",
          "10.1.2.3",
          "192.168.1.7",
          "255.255.255.255",
          "224.0.0.1");
  private static final List<String> ADDRESSES_6 =
      List.of("fd00::1", "fd00::2", "2001:db8::1", "ff02::1");
  private static final List<Integer> PORTS = List.of(22, 53, 80, 443, 1500, 5005, 8080, 3, 65535);
  private static final List<Integer> PROTOCOLS = List.of(1, 6, 17, 47, 58, 89, 132, 50);
  private static final List<Integer> EXTENSIONS = List.of(0, 43, 44, 60, 51);

  private final Random random;

  RandomPackets(long seed) {
    random = new Random(seed);
  }

  /** Returns the next, from the network header on, sometimes cut or senseless. */
  byte[] next() {
    ByteBuffer bytes = ByteBuffer.allocate(2048);
    switch (random.nextInt(10)) {
      case 0 -> bytes.put(noise(random.nextInt(120)));
      case 1, 2, 3, 4 -> ipv6(bytes);
      default -> ipv4(bytes);
    }
    byte[] packet = Arrays.copyOf(bytes.array(), bytes.position());
    if (packet.length > 0 && random.nextInt(8) == 0) {
      packet[random.nextInt(packet.length)] = (byte) random.nextInt();
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(packet, random.nextInt(packet.length + 1))
        : packet;
  }

  private void ipv4(ByteBuffer bytes) {
    int words = random.nextInt(3) == 0 ? 5 + random.nextInt(11) : 5;
    int protocol = pick(PROTOCOLS);
    bytes.put((byte) (0x40 | words)).put((byte) 0).putShort((short) random.nextInt(1500));
    bytes.putShort((short) random.nextInt());
    bytes.putShort((short) (random.nextInt(4) == 0 ? random.nextInt() : 0x4000));
    bytes.put((byte) random.nextInt(random.nextBoolean() ? 8 : 256)).put((byte) protocol);
    bytes.putShort((short) random.nextInt());
    bytes.put(address(pick(ADDRESSES_4))).put(address(pick(ADDRESSES_4)));
    bytes.put(noise(words * 4 - 20));
    transport(bytes, protocol);
  }

  private void ipv6(ByteBuffer bytes) {
    int protocol = pick(PROTOCOLS);
    int extensions = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0;
    int next = extensions == 0 ? protocol : pick(EXTENSIONS);
    bytes.putInt(0x60000000).putShort((short) random.nextInt(1500));
    bytes.put((byte) next).put((byte) random.nextInt(random.nextBoolean() ? 3 : 256));
    bytes.put(address(pick(ADDRESSES_6))).put(address(pick(ADDRESSES_6)));
    for (int i = extensions; i > 0; i--) {
      int following = i == 1 ? protocol : pick(EXTENSIONS);
      int more = next == 44 ? 0 : random.nextInt(3);
      bytes.put((byte) following).put((byte) more);
      int behind = next == 51 ? (more + 2) * 4 - 2 : (more + 1) * 8 - 2;
      bytes.put(next == 44 && random.nextBoolean() ? new byte[behind] : noise(behind));
      next = following;
    }
    transport(bytes, protocol);
  }

  private void transport(ByteBuffer bytes, int protocol) {
    switch (protocol) {
      case 6 -> {
        ports(bytes);
        bytes.put(noise(8)).put((byte) (0x50 + 16 * random.nextInt(3)));
        bytes.put((byte) (1 << random.nextInt(6))).put(noise(6));
        bytes.put(random.nextBoolean() ? "GET / HTTP/1.1".getBytes(US_ASCII) : noise(40));
      }
      case 17, 132 -> {
        ports(bytes);
        bytes.putShort((short) random.nextInt(300)).putShort((short) 0);
        bytes.putInt(random.nextBoolean() ? 0xdeadbeef : random.nextInt());
      }
      case 1, 58 -> bytes.put(new byte[] {0, 8, (byte) 135, 3}[random.nextInt(4)]).put(noise(7));
      default -> bytes.put(noise(20));
    }
    bytes.put(noise(random.nextInt(3) == 0 ? random.nextInt(1200) : random.nextInt(30)));
  }

  private void ports(ByteBuffer bytes) {
    bytes.putShort((short) (int) pick(PORTS)).putShort((short) (int) pick(PORTS));
  }

  private byte[] noise(int sizeBytes) {
    byte[] noise = new byte[sizeBytes];
    random.nextBytes(noise);
    return noise;
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static byte[] address(String literal) {
    return InetAddress.ofLiteral(literal).getAddress();
  }
}
