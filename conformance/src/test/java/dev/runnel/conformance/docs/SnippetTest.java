package dev.runnel.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Code in the docs is cut from compiled samples, so that it cannot rot: a block behind {@code <!--
 * snippet:name -->} is the region {@code // snippet:name … // end} of a sample. Refresh them with
 * {@code -Dsnippets.update=true}.
 */
class SnippetTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private static final Pattern REGION =
      Pattern.compile("(?s)// snippet:([a-z-]+)\n(.*?)\n[ \t]*// end\n");
  private static final Pattern BLOCK =
      Pattern.compile("(?s)<!-- snippet:([a-z-]+) -->\n```([a-z]+)\n(.*?)```\n");
  private static final Pattern ANY_CODE = Pattern.compile("(?m)^```(kotlin|java)$");

  @Test
  void everySnippetIsCutFromASample() throws IOException {
    Map<String, String> regions = regions();
    int seen = 0;
    for (Path page : pages()) {
      String text = Files.readString(page);
      Matcher block = BLOCK.matcher(text);
      StringBuilder updated = new StringBuilder();
      while (block.find()) {
        seen++;
        String region = regions.get(block.group(1));
        assertThat(region).as("%s asks for snippet '%s'", page, block.group(1)).isNotNull();
        String fresh =
            "<!-- snippet:"
                + block.group(1)
                + " -->\n```"
                + block.group(2)
                + "\n"
                + region
                + "```\n";
        block.appendReplacement(updated, Matcher.quoteReplacement(fresh));
      }
      block.appendTail(updated);
      if (Boolean.getBoolean("snippets.update")) {
        Files.writeString(page, updated);
      } else {
        assertThat(text)
            .as("%s differs from the samples; refresh it with -Dsnippets.update=true", page)
            .isEqualTo(updated.toString());
      }
    }
    assertThat(seen).as("snippets in the docs").isGreaterThanOrEqualTo(2);
  }

  @Test
  void noCodeIsWrittenByHand() throws IOException {
    for (Path page : pages()) {
      String text = Files.readString(page);
      long all = ANY_CODE.matcher(text).results().count();
      long cut = BLOCK.matcher(text).results().count();
      assertThat(all).as("%s has code that no compiler has seen", page).isEqualTo(cut);
    }
  }

  private static Map<String, String> regions() throws IOException {
    Map<String, String> regions = new HashMap<>();
    for (Path source : files(ROOT.resolve("samples/src"), ".kt", ".java")) {
      Matcher region = REGION.matcher(Files.readString(source));
      while (region.find()) {
        String known = regions.put(region.group(1), region.group(2).stripIndent().strip() + "\n");
        assertThat(known).as("snippet '%s' stands in two places", region.group(1)).isNull();
      }
    }
    return regions;
  }

  static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(ROOT)) {
      List<Path> found = files(ROOT.resolve("docs"), ".md");
      return Stream.concat(top.filter(p -> p.toString().endsWith(".md")), found.stream())
          .sorted()
          .toList();
    }
  }

  private static List<Path> files(Path folder, String... endings) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(p -> Stream.of(endings).anyMatch(p.toString()::endsWith)).sorted().toList();
    }
  }
}
