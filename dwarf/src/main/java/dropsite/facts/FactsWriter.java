package dropsite.facts;

import dropsite.bytes.ByteSink;
import dropsite.symbols.CallSite;
import dropsite.symbols.CodeFacts;
import dropsite.symbols.ConstantArgument;
import dropsite.symbols.Numbers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Collects facts and writes them as a sidecar. The bytes depend on the facts only, not on the order
 * in which they came.
 *
 * <p>Regions are encoded when they come, by whichever thread brings them; only the encoded bytes
 * are kept.
 */
public final class FactsWriter implements CodeFacts.Receiver {
  private final Numbers<String> strings = new Numbers<>();
  private final Numbers<ConstantArgument> arguments = new Numbers<>();
  private final List<RegionEncoder.Encoded> regions =
      Collections.synchronizedList(new ArrayList<>());
  private final List<CallSiteList> callSites = new ArrayList<>();
  private final Map<String, Map<String, Long>> enums = new TreeMap<>();

  private final AtomicInteger inexpressible = new AtomicInteger();
  private @Nullable Layout layout;

  /** Return addresses and encoded calls of one function. */
  private record CallSiteList(List<Call> calls) {
    /**
     * @param callee number of its name; negative when it is not known
     */
    private record Call(long returnAddress, int callee, boolean tailCall) {}
  }

  @Override
  public void facts(CodeFacts facts) {
    if (facts.named() == CodeFacts.Naming.INEXPRESSIBLE) {
      inexpressible.incrementAndGet();
    }
    regions.add(new RegionEncoder(strings, arguments).encode(facts));
  }

  @Override
  public int callSites(List<CallSite> sites) {
    List<CallSiteList.Call> calls = new ArrayList<>(sites.size());
    for (CallSite site : sites) {
      String callee = site.callee();
      calls.add(
          new CallSiteList.Call(
              site.returnAddress(), callee == null ? -1 : strings.of(callee), site.tailCall()));
    }
    synchronized (callSites) {
      callSites.add(new CallSiteList(calls));
      return callSites.size() - 1;
    }
  }

  @Override
  public void enumeration(String name, Map<String, Long> enumerators) {
    enums.put(name, enumerators);
    strings.of(name);
    enumerators.keySet().forEach(strings::of);
  }

  /**
   * Does what there is to do before the origin is known: {@link #write} does it otherwise. Nothing
   * may come afterwards.
   */
  public void layOut() {
    layout = new Layout();
  }

  /**
   * Writes the file.
   *
   * @throws IOException when the output cannot be written
   * @throws IllegalStateException when there is too much for a file of this format
   */
  public void write(OutputStream out, Origin origin) throws IOException {
    Layout laid = layout == null ? new Layout() : layout;
    List<byte[]> parts = laid.parts(origin);
    CRC32C sum = new CRC32C();
    byte[] header = parts.getFirst();
    sum.update(header, FactsHeader.CHECKED_FROM, header.length - FactsHeader.CHECKED_FROM);
    parts.subList(1, parts.size()).forEach(sum::update);
    FactsHeader.setChecksum(header, (int) sum.getValue());
    for (byte[] part : parts) {
      out.write(part);
    }
  }

  /** Gives everything its place. */
  private final class Layout {
    private final ByteSink stringTable = new ByteSink();
    private final int[] stringPlaces = strings();
    private final int[] argumentPlaces = new int[FactsWriter.this.arguments.things().size()];
    private final byte[] argumentTable = arguments();
    private final int[] callSitePlaces = new int[FactsWriter.this.callSites.size()];
    private final ByteSink callSiteLists = new ByteSink();
    private final ByteSink enumTable = new ByteSink();
    private final ByteSink enumLists = new ByteSink();
    private final ByteSink regionPlaces = new ByteSink();
    private final ByteSink regionRecords = new ByteSink();
    private final ByteSink addresses = new ByteSink();
    private final long base;
    private final int addressBytes;

    Layout() {
      regions.sort((left, right) -> Long.compareUnsigned(left.low(), right.low()));
      base = regions.isEmpty() ? 0 : regions.getFirst().low();
      long last = regions.isEmpty() ? 0 : regions.getLast().low() - base;
      addressBytes = last >>> Integer.SIZE == 0 ? Integer.BYTES : Long.BYTES;
      Arrays.fill(callSitePlaces, -1);
      for (RegionEncoder.Encoded region : regions) {
        if (addressBytes == Integer.BYTES) {
          addresses.u32((int) (region.low() - base));
        } else {
          addresses.u64(region.low() - base);
        }
        regionPlaces.u32(regionRecords.size());
        regionRecords.raw(placed(region));
      }
      enums();
    }

    List<byte[]> parts(Origin origin) {
      FactsHeader header =
          new FactsHeader(
              origin,
              addressBytes,
              base,
              regions.size(),
              enums.size(),
              argumentPlaces.length,
              enumLists.size(),
              callSiteLists.size(),
              regionRecords.size(),
              stringTable.size(),
              inexpressible.get());
      List<byte[]> parts = new ArrayList<>();
      parts.add(new byte[0]);
      parts.add(addresses.toArray());
      parts.add(regionPlaces.toArray());
      parts.add(argumentTable);
      parts.add(enumTable.toArray());
      parts.add(enumLists.toArray());
      parts.add(callSiteLists.toArray());
      parts.add(regionRecords.toArray());
      parts.add(stringTable.toArray());
      long size = FactsHeader.SIZE_BYTES + parts.stream().mapToLong(part -> part.length).sum();
      parts.set(0, header.encode(size));
      return parts;
    }

    /** Fills the string table, sorted, and returns where each string of a number stands. */
    private int[] strings() {
      for (ConstantArgument argument : FactsWriter.this.arguments.things()) {
        FactsWriter.this.strings.of(argument.name());
        if (argument.enumerator() != null) {
          FactsWriter.this.strings.of(argument.enumerator());
        }
      }
      String[] sorted = FactsWriter.this.strings.things().toArray(String[]::new);
      Arrays.sort(sorted);
      int[] places = new int[sorted.length];
      for (String string : sorted) {
        places[FactsWriter.this.strings.of(string)] = stringTable.size();
        stringTable.raw(string.getBytes(StandardCharsets.UTF_8));
        stringTable.u8(0);
      }
      return places;
    }

    /**
     * An argument with the places of its strings, which are in the order of the strings.
     *
     * @param enumerator the least place when there is none
     */
    private record PlacedArgument(int number, int name, long value, int enumerator) {}

    private byte[] arguments() {
      List<ConstantArgument> all = FactsWriter.this.arguments.things();
      PlacedArgument[] sorted = new PlacedArgument[all.size()];
      for (int i = 0; i < sorted.length; i++) {
        ConstantArgument argument = all.get(i);
        sorted[i] =
            new PlacedArgument(
                i, place(argument.name()), argument.value(), place(argument.enumerator()));
      }
      Arrays.sort(
          sorted,
          (left, right) ->
              left.name != right.name
                  ? Integer.compare(left.name, right.name)
                  : left.value != right.value
                      ? Long.compare(left.value, right.value)
                      : Integer.compare(left.enumerator, right.enumerator));
      ByteSink table = new ByteSink();
      int place = 0;
      for (PlacedArgument argument : sorted) {
        argumentPlaces[argument.number] = place++;
        table.u32(argument.name);
        table.u32(argument.enumerator);
        table.u64(argument.value);
      }
      return table.toArray();
    }

    private int place(@Nullable String string) {
      return string == null
          ? RegionFormat.NO_STRING
          : stringPlaces[FactsWriter.this.strings.of(string)];
    }

    /** Returns a record with its references pointing into the file. */
    private byte[] placed(RegionEncoder.Encoded region) {
      byte[] bytes = region.bytes();
      for (int reference : region.references()) {
        int at = RegionEncoder.position(reference);
        int number =
            (bytes[at] & 0xff)
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
        int place =
            switch (RegionEncoder.kind(reference)) {
              case RegionEncoder.STRING -> stringPlaces[number];
              case RegionEncoder.ARGUMENT -> argumentPlaces[number];
              default -> callSites(number);
            };
        ByteSink.set32(bytes, at, place);
      }
      return bytes;
    }

    /** Returns where a list stands; lists follow each other as the regions need them. */
    private int callSites(int number) {
      if (callSitePlaces[number] < 0) {
        callSitePlaces[number] = callSiteLists.size();
        List<CallSiteList.Call> calls = FactsWriter.this.callSites.get(number).calls();
        callSiteLists.uleb(calls.size());
        long last = base;
        for (CallSiteList.Call call : calls) {
          callSiteLists.sleb(call.returnAddress - last);
          last = call.returnAddress;
          callSiteLists.u8(call.tailCall ? 1 : 0);
          callSiteLists.u32(call.callee < 0 ? RegionFormat.NO_STRING : stringPlaces[call.callee]);
        }
      }
      return callSitePlaces[number];
    }

    private void enums() {
      enums.forEach((name, enumerators) -> {
        enumTable.u32(place(name));
        enumTable.u32(enumLists.size());
        enumLists.uleb(enumerators.size());
        enumerators.forEach((enumerator, value) -> {
          enumLists.u32(place(enumerator));
          enumLists.sleb(value);
        });
      });
    }
  }
}
