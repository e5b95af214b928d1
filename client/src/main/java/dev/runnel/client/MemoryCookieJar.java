package dev.runnel.client;

import dev.runnel.http.Cookie;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.Uri;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cookies in memory, by the rules of RFC 6265bis: of a domain go back to it and what is below, of a
 * host only to it; below their path; secure ones through TLS or to our own machine; until they
 * expire, 400 days at most. SameSite is kept but not enforced: a client that no page drives has no
 * other sites.
 *
 * <p>At most 50 cookies per domain and 3,000 in all are kept (RFC 6265bis 6.1); above that, those
 * go that went with no request for the longest time, insecure ones of a full domain first.
 *
 * <p>Who knows the list of public suffixes gives it to the constructor. Without it only names of
 * one label ({@code com}) are taken for suffixes, so that a server at {@code a.co.uk} can set
 * cookies for all of {@code co.uk}: use one jar per site where that matters.
 *
 * <p>Safe for threads.
 */
public final class MemoryCookieJar implements CookieJar {
  static final int MAX_PER_DOMAIN = 50;
  static final int MAX_COOKIES = 3000;

  private final InstantSource time;
  private final Predicate<String> publicSuffix;

  /** Guarded by this; as are the fields of all entries. */
  private final Map<String, Map<Key, Entry>> byDomain = new HashMap<>();

  private int size;

  /** Orders creations and uses, of which many may fall into one instant. */
  private long sequence;

  /** What makes a cookie replace another (RFC 6265bis 5.7, step 24). */
  private record Key(String name, boolean hostOnly, String path) {}

  private static final class Entry {
    private final StoredCookie cookie;
    private final long created;
    private long used;

    Entry(StoredCookie cookie, long created, long used) {
      this.cookie = cookie;
      this.created = created;
      this.used = used;
    }
  }

  /** An empty jar by the system's clock, which takes names of one label for public suffixes. */
  public MemoryCookieJar() {
    this(InstantSource.system(), domain -> domain.indexOf('.') < 0);
  }

  /**
   * An empty jar.
   *
   * @param time what cookies expire by
   * @param publicSuffix whether a name in lower case is one below which anybody can have a domain,
   *     so that no cookie may be set for all of it; called with the jar locked, so it must not wait
   */
  public MemoryCookieJar(InstantSource time, Predicate<String> publicSuffix) {
    this.time = time;
    this.publicSuffix = publicSuffix;
  }

  @Override
  public void receive(Uri uri, Headers answer) {
    for (String field : answer.all(HeaderNames.SET_COOKIE)) {
      receive(uri, field);
    }
  }

  /**
   * Keeps a cookie as if a server had set it.
   *
   * @param uri where the server would be
   * @return whether the rules allow it there
   */
  public boolean put(Uri uri, Cookie cookie) {
    return receive(uri, cookie.toSetCookie());
  }

  private synchronized boolean receive(Uri uri, String field) {
    Instant now = time.instant();
    StoredCookie cookie = SetCookie.read(field, uri, now, publicSuffix);
    if (cookie == null || hidesSecureOne(cookie, uri)) {
      return false;
    }
    keep(cookie, now);
    return true;
  }

  /**
   * Whether an insecure connection would shadow or replace a secure cookie (RFC 6265bis 5.7, step
   * 16): who is on the line must not log somebody in as somebody else.
   */
  private boolean hidesSecureOne(StoredCookie cookie, Uri uri) {
    if (cookie.secure() || StoredCookie.isTrusted(uri)) {
      return false;
    }
    return entries()
        .map(e -> e.cookie)
        .anyMatch(
            kept ->
                kept.secure()
                    && kept.name().equals(cookie.name())
                    && (StoredCookie.domainMatches(kept.domain(), cookie.domain())
                        || StoredCookie.domainMatches(cookie.domain(), kept.domain()))
                    && StoredCookie.pathMatches(cookie.path(), kept.path()));
  }

  private void keep(StoredCookie cookie, Instant now) {
    Key key = new Key(cookie.name(), cookie.hostOnly(), cookie.path());
    Entry old = remove(cookie.domain(), key);
    if (cookie.isExpired(now)) {
      return; // This is how servers remove cookies.
    }
    sequence++;
    long created = old == null ? sequence : old.created;
    byDomain
        .computeIfAbsent(cookie.domain(), d -> new LinkedHashMap<>())
        .put(key, new Entry(cookie, created, sequence));
    size++;
    evict(cookie.domain(), now);
  }

  private @Nullable Entry remove(String domain, Key key) {
    Map<Key, Entry> cookies = byDomain.get(domain);
    Entry removed = cookies == null ? null : cookies.remove(key);
    if (removed != null) {
      size--;
      if (cookies.isEmpty()) {
        byDomain.remove(domain);
      }
    }
    return removed;
  }

  private void remove(StoredCookie cookie) {
    remove(cookie.domain(), new Key(cookie.name(), cookie.hostOnly(), cookie.path()));
  }

  /** RFC 6265bis 5.7: expired ones, then insecure ones of a full domain, then others of it. */
  private void evict(String domain, Instant now) {
    Map<Key, Entry> cookies = byDomain.getOrDefault(domain, Map.of());
    if (cookies.size() > MAX_PER_DOMAIN || size > MAX_COOKIES) {
      removeExpired(now);
    }
    if (cookies.size() > MAX_PER_DOMAIN) {
      Comparator<Entry> insecureFirst = Comparator.comparing(e -> e.cookie.secure());
      removeFirst(cookies.values().stream(), insecureFirst.thenComparing(e -> e.used));
    }
    if (size > MAX_COOKIES) {
      removeFirst(entries(), Comparator.comparing(e -> e.used));
    }
  }

  private void removeFirst(Stream<Entry> entries, Comparator<Entry> order) {
    entries.min(order).ifPresent(e -> remove(e.cookie));
  }

  private void removeExpired(Instant now) {
    List<Entry> expired = entries().filter(e -> e.cookie.isExpired(now)).toList();
    expired.forEach(e -> remove(e.cookie));
  }

  private Stream<Entry> entries() {
    return byDomain.values().stream().flatMap(cookies -> cookies.values().stream());
  }

  /** Longer paths first, then what was set earlier (RFC 6265bis 5.8.3). */
  @Override
  public synchronized @Nullable String fieldFor(Uri uri) {
    Instant now = time.instant();
    sequence++;
    List<Entry> matching = new ArrayList<>();
    for (String domain = uri.host(); domain != null; domain = parent(domain, uri)) {
      for (Entry entry : byDomain.getOrDefault(domain, Map.of()).values()) {
        if (entry.cookie.matches(uri) && !entry.cookie.isExpired(now)) {
          entry.used = sequence;
          matching.add(entry);
        }
      }
    }
    Comparator<Entry> longestPath = Comparator.comparing(e -> -e.cookie.path().length());
    matching.sort(longestPath.thenComparing(e -> e.created));
    return matching.isEmpty()
        ? null
        : matching.stream().map(e -> e.cookie.member()).collect(Collectors.joining("; "));
  }

  private static @Nullable String parent(String domain, Uri uri) {
    int dot = uri.isAddress() ? -1 : domain.indexOf('.');
    return dot < 0 || dot == domain.length() - 1 ? null : domain.substring(dot + 1);
  }

  /** All cookies that are not expired, in the order in which they were first set. */
  public synchronized List<StoredCookie> cookies() {
    removeExpired(time.instant());
    return entries().sorted(Comparator.comparing(e -> e.created)).map(e -> e.cookie).toList();
  }

  /** Keeps cookies that another jar gave out; expired ones are left out. */
  public synchronized void addAll(List<StoredCookie> cookies) {
    Instant now = time.instant();
    cookies.forEach(cookie -> keep(cookie, now));
  }

  /** Forgets all cookies. */
  public synchronized void clear() {
    byDomain.clear();
    size = 0;
  }

  /** Forgets the cookies that have no time of their own, as a browser does when it is closed. */
  public synchronized void clearSession() {
    List<Entry> session = entries().filter(e -> e.cookie.expires() == null).toList();
    session.forEach(e -> remove(e.cookie));
  }

  /** How many there are: values may be secret. */
  @Override
  public synchronized String toString() {
    return "MemoryCookieJar(" + size + ")";
  }
}
