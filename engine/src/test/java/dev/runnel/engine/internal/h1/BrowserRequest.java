package dev.runnel.engine.internal.h1;

/** A request as a browser of today sends it. */
final class BrowserRequest {
  static final String TEXT =
      """
      GET /search?q=a|b^c&x={1} HTTP/1.1
      Host: www.example.org
      User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
      Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
      Accept-Language: de,en-US;q=0.7,en;q=0.3
      Accept-Encoding: gzip, deflate, br, zstd
      Referer: https://www.example.org/
      Connection: keep-alive
      Cookie: session=8f2b6a1c0d9e4f7a8b3c5d6e7f809112; theme=dark; _ga=GA1.2.1234567890.1700000000
      Upgrade-Insecure-Requests: 1
      Sec-Fetch-Dest: document
      Sec-Fetch-Mode: navigate
      Sec-Fetch-Site: same-origin
      Sec-Fetch-User: ?1
      Priority: u=0, i

      """
          .replace("\n", "\r\n");

  private BrowserRequest() {}
}
