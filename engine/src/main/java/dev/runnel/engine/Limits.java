package dev.runnel.engine;

/**
 * The size limits of a server, in bytes unless said otherwise. Immutable; {@link #DEFAULT} and the
 * {@code with…} methods make others.
 *
 * @param requestLine method, target and version in one line; more is 414 (8 KiB, as nginx and
 *     Tomcat)
 * @param headerSection all field lines together, and each single one; more is 431 (16 KiB)
 * @param headerFields how many field lines; more is 431 (100, as Apache httpd)
 * @param chunkExtensions all chunk extensions of a body; more is 400 (1 KiB)
 * @param bufferedBody what {@code bytes()}, {@code text()}, {@code json()} and {@code form()} hold;
 *     more is 413 (1 MiB)
 * @param connections open connections of the server; above it the longest-idle one goes, then
 *     accepting pauses (10,000)
 * @param requestsPerConnection after which an answer carries {@code Connection: close}; 0 is
 *     unlimited (0)
 * @param blockingCalls blocking calls at a time; more is 503 with Retry-After (10,000 virtual
 *     threads, 256 pool threads)
 */
public record Limits(
    int requestLine,
    int headerSection,
    int headerFields,
    int chunkExtensions,
    long bufferedBody,
    int connections,
    int requestsPerConnection,
    int blockingCalls) {
  /** The defaults. */
  public static final Limits DEFAULT =
      new Limits(
          8 << 10,
          16 << 10,
          100,
          1 << 10,
          1 << 20,
          10_000,
          0,
          Runtime.version().feature() >= 21 ? 10_000 : 256);

  public Limits {
    require(requestLine >= 16 && requestLine <= 1 << 20, "requestLine", requestLine);
    require(headerSection >= 64 && headerSection <= 1 << 20, "headerSection", headerSection);
    require(headerFields >= 1 && headerFields <= 10_000, "headerFields", headerFields);
    require(chunkExtensions >= 0, "chunkExtensions", chunkExtensions);
    require(
        bufferedBody >= 0 && bufferedBody <= Integer.MAX_VALUE - 8, "bufferedBody", bufferedBody);
    require(connections >= 1, "connections", connections);
    require(requestsPerConnection >= 0, "requestsPerConnection", requestsPerConnection);
    require(blockingCalls >= 1, "blockingCalls", blockingCalls);
  }

  private static void require(boolean holds, String name, long value) {
    if (!holds) {
      throw new IllegalArgumentException("limit " + name + " is out of range: " + value);
    }
  }

  /** With another limit of the request line. */
  public Limits withRequestLine(int bytes) {
    return new Limits(
        bytes,
        headerSection,
        headerFields,
        chunkExtensions,
        bufferedBody,
        connections,
        requestsPerConnection,
        blockingCalls);
  }

  /** With other limits of the header section. */
  public Limits withHeaders(int bytes, int fields) {
    return new Limits(
        requestLine,
        bytes,
        fields,
        chunkExtensions,
        bufferedBody,
        connections,
        requestsPerConnection,
        blockingCalls);
  }

  /** With another limit of buffered bodies. */
  public Limits withBufferedBody(long bytes) {
    return new Limits(
        requestLine,
        headerSection,
        headerFields,
        chunkExtensions,
        bytes,
        connections,
        requestsPerConnection,
        blockingCalls);
  }

  /** With another number of connections. */
  public Limits withConnections(int count) {
    return new Limits(
        requestLine,
        headerSection,
        headerFields,
        chunkExtensions,
        bufferedBody,
        count,
        requestsPerConnection,
        blockingCalls);
  }

  /** With another number of requests per connection. */
  public Limits withRequestsPerConnection(int count) {
    return new Limits(
        requestLine,
        headerSection,
        headerFields,
        chunkExtensions,
        bufferedBody,
        connections,
        count,
        blockingCalls);
  }

  /** With another number of blocking calls. */
  public Limits withBlockingCalls(int count) {
    return new Limits(
        requestLine,
        headerSection,
        headerFields,
        chunkExtensions,
        bufferedBody,
        connections,
        requestsPerConnection,
        count);
  }
}
