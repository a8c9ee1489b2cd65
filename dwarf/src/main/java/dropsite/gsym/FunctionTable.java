package dropsite.gsym;

import dropsite.bytes.Bytes;
import java.util.function.Consumer;

/** What a file says about each function, in the order of their addresses. */
final class FunctionTable {
  private final Bytes functions;
  private final AddressTable addresses;

  /**
   * @param file the whole file
   */
  FunctionTable(Bytes file, AddressTable addresses) {
    this.functions = new Bytes(file.file(), "function info", file.memory(), file.bigEndian());
    this.addresses = addresses;
  }

  /** Returns what parts of functions are read from; offsets are those of the file. */
  Bytes bytes() {
    return functions;
  }

  /** Returns the number of functions, those merged into another not counted. */
  int count() {
    return addresses.count();
  }

  /** Returns the function of an entry of the address table. */
  FunctionInfo at(int index) {
    return FunctionInfo.read(functions.cursor(addresses.infoOffset(index)), addresses.start(index));
  }

  /** Returns the size of the function of an entry. */
  long sizeBytesAt(int index) {
    return functions.unsignedAt(addresses.infoOffset(index), Integer.BYTES);
  }

  /**
   * Hands over every function by ascending address, the merged ones after the one they belong to.
   */
  void forEach(Consumer<FunctionInfo> consumer) {
    for (int i = 0; i < count(); i++) {
      FunctionInfo function = at(i);
      consumer.accept(function);
      MergedFunctions.forEach(functions, function, consumer);
    }
  }
}
