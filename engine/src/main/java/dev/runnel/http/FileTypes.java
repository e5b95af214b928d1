package dev.runnel.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Media types of the file name extensions that the web is made of (IANA registry, RFC 9239 for
 * scripts).
 */
final class FileTypes {
  private static final Map<String, String> BY_EXTENSION = new HashMap<>();

  static {
    // Browsers would guess a charset for these.
    add("text/html; charset=utf-8", "html", "htm");
    add("text/css; charset=utf-8", "css");
    add("text/javascript; charset=utf-8", "js", "mjs");
    add("text/plain; charset=utf-8", "txt", "log", "text");
    add("text/markdown; charset=utf-8", "md");
    add("text/csv; charset=utf-8", "csv");
    add("text/calendar; charset=utf-8", "ics");
    add("text/vtt; charset=utf-8", "vtt");

    // JSON is UTF-8 by definition, XML says for itself.
    add("application/json", "json", "map");
    add("application/ld+json", "jsonld");
    add("application/manifest+json", "webmanifest");
    add("application/x-ndjson", "ndjson");
    add("application/xml", "xml");
    add("application/xhtml+xml", "xhtml");
    add("application/atom+xml", "atom");
    add("application/rss+xml", "rss");
    add("application/yaml", "yaml", "yml");

    add("image/svg+xml", "svg");
    add("image/png", "png");
    add("image/apng", "apng");
    add("image/jpeg", "jpg", "jpeg");
    add("image/gif", "gif");
    add("image/webp", "webp");
    add("image/avif", "avif");
    add("image/vnd.microsoft.icon", "ico");
    add("image/bmp", "bmp");
    add("image/tiff", "tif", "tiff");

    add("font/woff", "woff");
    add("font/woff2", "woff2");
    add("font/ttf", "ttf");
    add("font/otf", "otf");

    add("audio/mpeg", "mp3");
    add("audio/mp4", "m4a");
    add("audio/ogg", "ogg", "oga", "opus");
    add("audio/wav", "wav");
    add("audio/flac", "flac");
    add("video/mp4", "mp4", "m4v");
    add("video/webm", "webm");
    add("video/ogg", "ogv");
    add("video/quicktime", "mov");

    add("application/wasm", "wasm");
    add("application/pdf", "pdf");
    add("application/rtf", "rtf");
    add("application/epub+zip", "epub");
    add("application/zip", "zip");
    add("application/gzip", "gz", "tgz");
    add("application/zstd", "zst");
    add("application/x-tar", "tar");
    add("application/java-archive", "jar");
  }

  private FileTypes() {}

  private static void add(String mediaType, String... extensions) {
    for (String extension : extensions) {
      BY_EXTENSION.put(extension, mediaType);
    }
  }

  static String ofName(String fileName) {
    int dot = fileName.lastIndexOf('.');
    String extension = fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
    String known = dot < 0 ? null : BY_EXTENSION.get(extension);
    return known == null ? "application/octet-stream" : known;
  }
}
