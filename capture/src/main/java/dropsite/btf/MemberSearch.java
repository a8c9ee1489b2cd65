package dropsite.btf;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks for one member of a structure or union, also in members without a name. */
final class MemberSearch {
  private static final Pattern NAME = Pattern.compile("(\\w+)(?:\\[(\\d{1,9})])?");

  private static final int WORDS = 3;

  /** More levels of unnamed members than anyone writes. */
  private static final int MAX_DEPTH = 32;

  /** A member, its type, and the size if it is a bit field, otherwise 0. */
  private record Place(int type, long offsetBits, int bitFieldBits) {}

  private final BtfTypes types;
  private final TypeWalk walk;

  MemberSearch(BtfTypes types) {
    this.types = types;
    this.walk = new TypeWalk(types);
  }

  /** As {@link Btf#member}. */
  Optional<BtfMember> find(int structure, String path) {
    Place place = new Place(structure, 0, 0);
    for (String part : path.split("\\.", -1)) {
      Matcher name = NAME.matcher(part);
      if (!name.matches()) {
        return Optional.empty();
      }
      byte[] wanted = name.group(1).getBytes(StandardCharsets.UTF_8);
      Place found = search(walk.plain(place.type), place.offsetBits, wanted, 0);
      if (found != null && name.group(2) != null) {
        found = element(found, Long.parseLong(name.group(2)));
      }
      if (found == null) {
        return Optional.empty();
      }
      place = found;
    }
    int plain = walk.plain(place.type);
    return Optional.of(
        new BtfMember(
            place.offsetBits,
            place.bitFieldBits != 0 ? place.bitFieldBits : walk.sizeBytes(plain) * Byte.SIZE,
            types.kind(plain) == BtfKind.ARRAY ? walk.elements(plain) : 0,
            walk.spelling(place.type)));
  }

  private @Nullable Place element(Place array, long index) {
    int plain = walk.plain(array.type);
    if (types.kind(plain) != BtfKind.ARRAY || index >= walk.elements(plain)) {
      return null;
    }
    int type = types.trailer(plain, 0);
    return new Place(type, array.offsetBits + index * walk.sizeBytes(type) * Byte.SIZE, 0);
  }

  private @Nullable Place search(int structure, long baseBits, byte[] wanted, int depth) {
    BtfKind kind = types.kind(structure);
    if (kind != BtfKind.STRUCT && kind != BtfKind.UNION) {
      return null;
    }
    if (depth > MAX_DEPTH) {
      throw types.malformed(structure, "more than " + MAX_DEPTH + " levels of unnamed members");
    }
    boolean bitFields = types.flag(structure);
    for (int i = 0; i < types.memberCount(structure); i++) {
      int nameOffset = types.trailer(structure, i * WORDS);
      int type = types.trailer(structure, i * WORDS + 1);
      int offset = types.trailer(structure, i * WORDS + 2);
      long offsetBits =
          baseBits + (bitFields ? offset & 0xff_ffff : Integer.toUnsignedLong(offset));
      if (nameOffset == 0) {
        walk.step(structure);
        Place inside = search(walk.plain(type), offsetBits, wanted, depth + 1);
        if (inside != null) {
          return inside;
        }
      } else if (types.nameIs(nameOffset, wanted)) {
        return bitFields
            ? new Place(type, offsetBits, offset >>> 24)
            : oldBitField(type, offsetBits);
      }
    }
    return null;
  }

  /**
   * Before bit fields had a flag, the integer's type said where in it the bits lie (BTF §2.2.1).
   */
  private Place oldBitField(int type, long offsetBits) {
    int plain = walk.plain(type);
    if (types.kind(plain) == BtfKind.INT) {
      int encoding = types.trailer(plain, 0);
      int bits = encoding & 0xff;
      if (bits != types.sizeOrType(plain) * Byte.SIZE) {
        return new Place(type, offsetBits + (encoding >>> 16 & 0xff), bits);
      }
    }
    return new Place(type, offsetBits, 0);
  }
}
