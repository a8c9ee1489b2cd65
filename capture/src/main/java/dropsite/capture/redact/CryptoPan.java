package dropsite.capture.redact;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Prefix-preserving maps of bit strings: two that begin with the same n bits are mapped to two that
 * begin with the same n bits, and differ where those differ.
 *
 * <p>Crypto-PAn: J. Xu, J. Fan, M. Ammar, S. Moon, "Prefix-Preserving IP Address Anonymization:
 * Measurement-based Security Evaluation and a New Cryptography-based Scheme", ICNP 2002. Each bit
 * is flipped or not by a pseudorandom function (AES) of the bits before it; not to flip some of
 * them, as long as only the bits before decide, keeps the map one-to-one and prefix-preserving.
 */
final class CryptoPan {
  /** Of which one half is the cipher's key, and the other makes the padding. */
  static final int KEY_BYTES = 32;

  private static final int BLOCK_BYTES = 16;

  private final Cipher cipher;
  private final byte[] padding;

  CryptoPan(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes");
    }
    try {
      // One block at a time is what a pseudorandom function is made of: no mode is wanted.
      cipher = Cipher.getInstance("AES/ECB/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, 0, BLOCK_BYTES, "AES"));
      padding = cipher.doFinal(key, BLOCK_BYTES, BLOCK_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES", e);
    }
  }

  /** Which bits of an address may be flipped. */
  @FunctionalInterface
  interface Flippable {
    /** Returns whether the bit at a position may be; only the bits before it may decide. */
    boolean at(int position);
  }

  /** Returns what at most 16 bytes are mapped to. */
  byte[] map(byte[] address, Flippable flippable) {
    byte[] mapped = address.clone();
    byte[] input = padding.clone();
    for (int position = 0; position < address.length * Byte.SIZE; position++) {
      int index = position / Byte.SIZE;
      int bit = 0x80 >> position % Byte.SIZE;
      if (flippable.at(position) && encrypt(input)[0] < 0) {
        mapped[index] ^= (byte) bit;
      }
      input[index] = (byte) ((input[index] & ~bit) | (address[index] & bit));
    }
    return mapped;
  }

  private byte[] encrypt(byte[] block) {
    try {
      return cipher.doFinal(block);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a whole block is always encrypted", e);
    }
  }
}
