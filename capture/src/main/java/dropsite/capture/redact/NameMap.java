package dropsite.capture.redact;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Maps names letter by letter to names of the same length: small letters to small letters, digits
 * to digits, all else to itself. Names that begin alike are mapped to names that begin alike, so
 * that {@code corp+} in a rule still stands for the same devices.
 *
 * <p>What follows a well-known kind ({@code eth}, {@code docker}) in digits is kept with it.
 */
final class NameMap {
  private static final String ALGORITHM = "HmacSHA256";

  /** Kinds of devices that kernels and well-known programs name, which tell of nobody. */
  static final Set<String> DEVICES =
      Set.of(
          "lo",
          "eth",
          "en",
          "wl",
          "ww",
          "ib",
          "wlan",
          "wwan",
          "usb",
          "veth",
          "docker",
          "br",
          "br-",
          "bond",
          "team",
          "tun",
          "tap",
          "wg",
          "vxlan",
          "geneve",
          "gre",
          "gretap",
          "erspan",
          "sit",
          "tunl",
          "ip6tnl",
          "ip6gre",
          "ip_vti",
          "ip6_vti",
          "vti",
          "xfrm",
          "dummy",
          "ifb",
          "macvlan",
          "macvtap",
          "ipvlan",
          "vlan",
          "vrf",
          "virbr",
          "vnet",
          "cni",
          "cali",
          "cilium_",
          "lxc",
          "lxdbr",
          "flannel",
          "kube-ipvs",
          "kube-bridge",
          "podman",
          "ppp",
          "can",
          "vcan",
          "nlmon",
          "ovs-system",
          "tailscale",
          "teql",
          "imq",
          "bridge");

  /** Devices named by where they are plugged in (systemd.net-naming-scheme(7)). */
  private static final Pattern BY_PLACE = Pattern.compile("(en|wl|ww|ib)[0-9psfondubcvi]*");

  private static final String PLACE_CHARACTERS = "0123456789psfondubcvi";

  private final Mac function;
  private final Set<String> kinds;
  private final Cache<String> cache = new Cache<>();

  NameMap(byte[] key, Set<String> kinds) {
    this.kinds = kinds;
    try {
      function = Mac.getInstance(ALGORITHM);
      function.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC", e);
    }
  }

  /** Returns what a name is mapped to. */
  String map(String name) {
    return cache.get(name, () -> fresh(name));
  }

  /** Returns a word that stands for a text, and tells nothing of it but whether two are equal. */
  String word(String text) {
    byte[] digest = function.doFinal(("word " + text).getBytes(StandardCharsets.ISO_8859_1));
    return "x" + HexFormat.of().formatHex(digest, 0, Integer.BYTES);
  }

  private String fresh(String name) {
    StringBuilder mapped = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      mapped.append(mapped(name.substring(0, i), name.charAt(i)));
    }
    return mapped.toString();
  }

  private char mapped(String before, char c) {
    char first;
    char last;
    if (c >= 'a' && c <= 'z') {
      first = 'a';
      last = 'z';
    } else if (c >= 'A' && c <= 'Z') {
      first = 'A';
      last = 'Z';
    } else if (c >= '0' && c <= '9') {
      first = '0';
      last = '9';
    } else if (c >= 0x80 && c <= 0xff) {
      first = 0x80;
      last = 0xff;
    } else {
      return c;
    }
    List<Character> movable = new ArrayList<>();
    for (char each = first; each <= last; each++) {
      if (!kept(before, each)) {
        movable.add(each);
      }
    }
    int index = movable.indexOf(c);
    return index < 0 ? c : shuffled(movable, before).get(index);
  }

  private boolean kept(String before, char c) {
    if (kinds.isEmpty()) {
      return false;
    }
    String with = before + c;
    boolean digitOfKind =
        Character.isDigit(c) && kinds.contains(before.replaceFirst("[0-9.]*$", ""));
    return digitOfKind
        || kinds.stream().anyMatch(kind -> kind.startsWith(with))
        || (PLACE_CHARACTERS.indexOf(c) >= 0 && BY_PLACE.matcher(before).matches());
  }

  /** Fisher and Yates, with the pseudorandom function of what stands before as dice. */
  private List<Character> shuffled(List<Character> characters, String before) {
    List<Character> shuffled = new ArrayList<>(characters);
    byte[] dice = new byte[0];
    for (int i = shuffled.size() - 1, used = 0; i > 0; i--, used += Short.BYTES) {
      if (used % (1 << 5) == 0) {
        dice =
            function.doFinal(
                (used + " " + characters.getFirst() + before)
                    .getBytes(StandardCharsets.ISO_8859_1));
      }
      int at = used % (1 << 5);
      int other = ((dice[at] & 0xff) << Byte.SIZE | (dice[at + 1] & 0xff)) % (i + 1);
      char moved = shuffled.get(i);
      shuffled.set(i, shuffled.get(other));
      shuffled.set(other, moved);
    }
    return shuffled;
  }
}
