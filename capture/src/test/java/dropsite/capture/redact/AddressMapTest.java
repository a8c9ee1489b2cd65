package dropsite.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.text.IpText;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressMapTest {
  private final AddressMap map = new AddressMap(key());

  static byte[] key() {
    byte[] key = new byte[CryptoPan.KEY_BYTES];
    new Random(4).nextBytes(key);
    return key;
  }

  private String mapped(String address) {
    return IpText.of(map.map(AddressText.parse(address)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0", "127.0.0.1", "127.1.2.3", "169.254.169.254", "224.0.0.251", "239.1.2.3",
        "255.255.255.255", "255.255.0.0", "::", "::1", "ff02::1", "ff05::1:3"
      })
  void addressesThatNameNobodyAreKept(String address) {
    assertThat(mapped(address)).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0, 8", "172.16.0.0, 12", "192.168.0.0, 16", "100.64.0.0, 10", "fe80::, 64",
    "fd00::, 8", "fc00::, 8", "2000::, 3", "2002::, 16", "ff02::1:ff00:0, 104"
  })
  void addressesStayInRangesThatMeanSomething(String start, int bits) {
    Random random = new Random(bits);
    byte[] range = AddressText.parse(start);
    int moved = 0;
    for (int i = 0; i < 200; i++) {
      byte[] inside = beyond(range, bits, random);
      byte[] mapped = map.map(inside);
      assertThat(AddressMap.commonBits(range, mapped)).isGreaterThanOrEqualTo(bits);
      moved += Arrays.equals(inside, mapped) ? 0 : 1;
    }
    assertThat(moved).isGreaterThan(150);
  }

  @Test
  void othersDoNotGetIntoRangesThatMeanSomething() {
    Random random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      byte[] address = new byte[4];
      random.nextBytes(address);
      assertThat(kind(map.map(address))).isEqualTo(kind(address));
    }
  }

  private static String kind(byte[] address) {
    int first = address[0] & 0xff;
    int second = address[1] & 0xff;
    return switch (first) {
      case 0, 10, 127 -> "" + first;
      case 100 -> second >> 6 == 1 ? "shared" : "global";
      case 169 -> second == 254 ? "link-local" : "global";
      case 172 -> second >> 4 == 1 ? "private" : "global";
      case 192 -> second == 168 ? "private" : "global";
      default -> first >= 240 ? "reserved" : first >= 224 ? "multicast" : "global";
    };
  }

  @Test
  void addressesShareAsManyFirstBitsAsBefore() {
    Random random = new Random(2);
    for (int size : new int[] {4, 16}) {
      for (int i = 0; i < 2000; i++) {
        byte[] one = new byte[size];
        random.nextBytes(one);
        byte[] other = beyond(one, random.nextInt(size * 8), random);
        assertThat(AddressMap.commonBits(map.map(one), map.map(other)))
            .isEqualTo(AddressMap.commonBits(one, other));
      }
    }
  }

  @Test
  void hostsStayInTheirMappedPrefix() {
    byte[] prefix = map.mapPrefix(AddressText.parse("10.1.0.0"), 16);
    byte[] host = map.map(AddressText.parse("10.1.2.3"));
    byte[] stranger = map.map(AddressText.parse("10.2.2.3"));
    assertThat(AddressMap.commonBits(prefix, host)).isGreaterThanOrEqualTo(16);
    assertThat(AddressMap.commonBits(prefix, stranger)).isLessThan(16);
    assertThat(prefix).endsWith(0, 0);
  }

  @ParameterizedTest
  @CsvSource({"::ffff:203.0.113.9, ::ffff:", "64:ff9b::cb00:7109, 64:ff9b::"})
  void addressesWithinAddressesAreMappedAlike(String address, String start) {
    String plain = mapped("203.0.113.9");
    byte[] embedded = Arrays.copyOfRange(map.map(AddressText.parse(address)), 12, 16);
    assertThat(mapped(address)).startsWith(start);
    assertThat(IpText.of(embedded)).isEqualTo(plain).isNotEqualTo("203.0.113.9");
  }

  @Test
  void anotherKeyMapsOtherwise() {
    byte[] other = key();
    other[0]++;
    assertThat(new AddressMap(other).map(AddressText.parse("198.51.100.7")))
        .isNotEqualTo(map.map(AddressText.parse("198.51.100.7")));
  }

  /** Returns random bits behind the first ones of an address, the next of which differs. */
  private static byte[] beyond(byte[] address, int bits, Random random) {
    byte[] result = new byte[address.length];
    random.nextBytes(result);
    for (int i = 0; i <= bits && i < address.length * 8; i++) {
      int bit = 0x80 >> i % 8;
      int wanted = address[i / 8] & bit;
      wanted = i == bits ? wanted ^ bit : wanted;
      result[i / 8] = (byte) ((result[i / 8] & ~bit) | wanted);
    }
    return result;
  }
}
