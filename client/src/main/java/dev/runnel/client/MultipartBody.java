package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.MediaType;
import dev.runnel.io.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A form with files, {@code multipart/form-data} (RFC 7578), for a request with {@link
 * #mediaType()}. Its parts are written one after the other as fast as the server takes them; files
 * are read on threads of their own, 64 KiB ahead.
 *
 * <pre>
 *   MultipartBody form = MultipartBody.builder()
 *       .field("title", "Holidays")
 *       .file("photo", Path.of("beach.jpg"))
 *       .build();
 * </pre>
 *
 * It can be sent again if all of its parts can. A part that cannot be read, or whose length is not
 * the one it announced, fails the call.
 */
public final class MultipartBody implements Body.Producer, RepeatableBody {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** RFC 2046 5.1.1: at most 70, of which these need no quotes as a parameter. */
  private static final String BOUNDARY = "[0-9A-Za-z'+_.-]{1,70}";

  private final String boundary;
  private final List<Body> segments;
  private final long length;
  private final boolean repeatable;
  private final AtomicBoolean used = new AtomicBoolean();

  private MultipartBody(String boundary, List<Body> segments) {
    this.boundary = boundary;
    this.segments = List.copyOf(segments);
    this.repeatable = segments.stream().allMatch(RepeatableBody::isRepeatable);
    this.length = length(segments);
  }

  private static long length(List<Body> segments) {
    long sum = 0;
    for (Body segment : segments) {
      if (segment.length() < 0) {
        return -1;
      }
      sum = Math.addExact(sum, segment.length());
    }
    return sum;
  }

  /** A form with a boundary of its own, 128 bits of chance. */
  public static Builder builder() {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    return new Builder("runnel-" + HexFormat.of().formatHex(random));
  }

  /**
   * A form with a boundary of the caller's, which must not occur in what it sends.
   *
   * @throws IllegalArgumentException if it has no or more than 70 characters, or others than
   *     letters, digits and {@code '+_.-}
   */
  public static Builder builder(String boundary) {
    if (!boundary.matches(BOUNDARY)) {
      throw new IllegalArgumentException(
          "a boundary must be 1 to 70 letters, digits and '+_.- (RFC 2046 5.1.1), but is '"
              + boundary
              + "'");
    }
    return new Builder(boundary);
  }

  /** The Content-Type that goes with it; it names the boundary. */
  public String mediaType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  /** The length in bytes if all parts know theirs, else -1. */
  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean isRepeatable() {
    return repeatable;
  }

  @Override
  public void produce(BodyWriter writer) {
    if (used.getAndSet(true) && !repeatable) {
      throw new IllegalStateException(
          "this form was sent before, and one of its parts is a stream that can be sent once");
    }
    new SegmentSender(segments, writer).advance();
  }

  @Override
  public void discard() {
    segments.forEach(Body::discard);
  }

  /** Collects the parts of a form, in their order. For one thread at a time. */
  public static final class Builder {
    private final String boundary;
    private final List<Body> segments = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private Builder(String boundary) {
      this.boundary = boundary;
    }

    /** A field of text, sent as it is, in UTF-8. */
    public Builder field(String name, String value) {
      head(name, null, null);
      text.append(value).append("\r\n");
      return this;
    }

    /**
     * A file under its own name, its type guessed from the name. It is read when it is sent; its
     * length is found out now.
     *
     * @throws IOException if there is no such regular file
     */
    public Builder file(String name, Path file) throws IOException {
      Path last = file.getFileName();
      return file(name, last == null ? "" : last.toString(), MediaType.ofFileName(file), file);
    }

    /**
     * A file under a name and of a type that is said here; otherwise like {@link #file(String,
     * Path)}.
     *
     * @throws IOException if there is no such regular file
     * @throws IllegalArgumentException if it is not a media type
     */
    public Builder file(String name, String fileName, String mediaType, Path file)
        throws IOException {
      if (!Files.isRegularFile(file)) {
        throw new IOException("'" + file + "' is no regular file that could be sent");
      }
      return part(name, fileName, mediaType, new Body.File(file, 0, Files.size(file)));
    }

    /**
     * A part with any body.
     *
     * @param name of the field
     * @param fileName what the server should call it as a file; null where it is none
     * @param mediaType its type; null leaves it to the server, which takes it for text
     * @throws IllegalArgumentException if it is not a media type, or the body is an upgrade
     */
    public Builder part(
        String name, @Nullable String fileName, @Nullable String mediaType, Body body) {
      if (body instanceof Body.Upgrade) {
        throw new IllegalArgumentException("an upgrade cannot be a part of a form");
      }
      head(name, fileName, mediaType);
      flushText();
      segments.add(body);
      text.append("\r\n");
      return this;
    }

    private void head(String name, @Nullable String fileName, @Nullable String mediaType) {
      String type = mediaType == null ? null : MediaType.parse(mediaType).toString();
      text.append("--").append(boundary).append("\r\n");
      text.append("Content-Disposition: form-data; name=\"").append(quoted(name)).append('"');
      if (fileName != null) {
        text.append("; filename=\"").append(quoted(fileName)).append('"');
      }
      text.append("\r\n");
      if (type != null) {
        text.append("Content-Type: ").append(type).append("\r\n");
      }
      text.append("\r\n");
    }

    /** As browsers do (HTML 4.10.21.8); RFC 7578 4.2 leaves it to them, and filename* is banned. */
    private static String quoted(String text) {
      return text.replace("\r", "%0D").replace("\n", "%0A").replace("\"", "%22");
    }

    private void flushText() {
      if (!text.isEmpty()) {
        segments.add(new Body.Whole(Bytes.utf8(text.toString())));
        text.setLength(0);
      }
    }

    /**
     * The form.
     *
     * @throws IllegalStateException if it has no part: RFC 2046 5.1 wants one at least
     */
    public MultipartBody build() {
      if (segments.isEmpty() && text.isEmpty()) {
        throw new IllegalStateException("a multipart form needs at least one part: add a field");
      }
      flushText();
      List<Body> all = new ArrayList<>(segments);
      all.add(new Body.Whole(Bytes.utf8("--" + boundary + "--\r\n")));
      return new MultipartBody(boundary, all);
    }
  }
}
