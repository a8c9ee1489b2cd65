package dropsite.capture.tracefs;

import dropsite.bytes.MalformedInputException;
import dropsite.capture.tracefs.EventFormat.Field;

/**
 * How the pages of the ring buffer begin (events/header_page).
 *
 * @param time of the page's first record
 * @param commit how many bytes of records there are, with flags in its high bits
 * @param dataOffset where records begin
 * @param pageBytes size of a page
 */
record PageFormat(Field time, Field commit, int dataOffset, int pageBytes) {
  private static final int LARGEST_PAGE_BYTES = 1 << 20;

  static PageFormat parse(String file, String text) {
    EventFormat format = EventFormat.parse(file, text);
    Field data = format.need(file, "data");
    int pageBytes = data.offset() + data.sizeBytes();
    if (pageBytes > LARGEST_PAGE_BYTES) {
      throw new MalformedInputException(file, "pages of " + pageBytes + " bytes");
    }
    return new PageFormat(
        format.need(file, "timestamp"), format.need(file, "commit"), data.offset(), pageBytes);
  }
}
