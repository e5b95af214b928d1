package dev.runnel.dsl

/**
 * Finds the first character that breaks the grammar of JSON (RFC 8259). Runs only when decoding has failed: the library
 * reads `nul` as a text and does not tell the place of every error.
 */
internal class JsonSyntax(private val text: String) {
  private var at = 0
  private var depth = 0

  /** Whether the error is none of grammar, but nesting beyond what the decoder takes. */
  var isTooDeep = false
    private set

  /** The index of the character, the length of the text if it ends too early, or -1 if the grammar is kept. */
  fun firstError(): Int {
    val fits = value() && spaces() && at == text.length
    return if (fits) -1 else at
  }

  private fun value(): Boolean {
    spaces()
    return when (peek()) {
      '{' -> nested { list('}') { string() && spaces() && take(':') && value() } }
      '[' -> nested { list(']') { value() } }
      '"' -> string()
      't' -> word("true")
      'f' -> word("false")
      'n' -> word("null")
      else -> number()
    }
  }

  private inline fun nested(block: () -> Boolean): Boolean {
    if (depth == MAX_DEPTH) {
      isTooDeep = true
      return false
    }
    depth++
    return block().also { depth-- }
  }

  private inline fun list(end: Char, item: () -> Boolean): Boolean {
    at++
    spaces()
    if (take(end)) return true
    while (true) {
      spaces()
      if (!item()) return false
      spaces()
      if (take(end)) return true
      if (!take(',')) return false
    }
  }

  private fun string(): Boolean {
    if (!take('"')) return false
    while (at < text.length) {
      val c = text[at]
      if (c < ' ' || (c == '\\' && !escape())) return false
      at++
      if (c == '"') return true
    }
    return false
  }

  /** Leaves [at] on the last character of the escape. */
  private fun escape(): Boolean {
    at++
    val c = peek()
    if (c != 'u') return c != END && c in "\"\\/bfnrt"
    repeat(HEX_DIGITS) {
      at++
      if (peek().digitToIntOrNull(radix = 16) == null) return false
    }
    return true
  }

  private fun number(): Boolean {
    val negative = take('-')
    if (!negative && peek() !in '0'..'9') return false
    if (!take('0') && !digits()) return false
    if (take('.') && !digits()) return false
    if (peek() != 'e' && peek() != 'E') return true
    at++
    if (peek() == '+' || peek() == '-') at++
    return digits()
  }

  private fun digits(): Boolean {
    val start = at
    while (peek() in '0'..'9') at++
    return at > start
  }

  private fun word(word: String): Boolean {
    for (c in word) if (!take(c)) return false
    return true
  }

  @IgnorableReturnValue
  private fun spaces(): Boolean {
    while (at < text.length && text[at] in " \t\r\n") at++
    return true
  }

  @IgnorableReturnValue private fun take(c: Char): Boolean = (peek() == c && at < text.length).also { if (it) at++ }

  private fun peek(): Char = if (at < text.length) text[at] else END

  private companion object {
    const val END = '\u0000'
    const val HEX_DIGITS = 4
    /** The limit of kotlinx.serialization, unless set. */
    const val MAX_DEPTH = 400
  }
}
