package dev.runnel.dsl

import ch.qos.logback.classic.Level
import ch.qos.logback.classic.Logger
import ch.qos.logback.classic.spi.ILoggingEvent
import ch.qos.logback.core.AppenderBase
import dev.runnel.engine.Filter
import dev.runnel.engine.Handler
import dev.runnel.http.Response
import org.slf4j.LoggerFactory

/** A Kotlin handler behind filters, as a router composes them. */
fun handler(vararg filters: Filter, handler: RouteHandler): Handler = behind(*filters, handler = kotlin(handler))

fun kotlin(handler: RouteHandler): Handler = CoroutineHandler(HandlerStage(handler))

fun behind(vararg filters: Filter, handler: Handler): Handler =
  filters.foldRight(handler) { filter, next -> filter.apply(next) }

/** Runs a Kotlin handler on a fresh call. */
fun call(exchange: FakeExchange = FakeExchange(), vararg filters: Filter, handle: RouteHandler): FakeExchange =
  exchange.handle(handler(*filters, handler = handle))

/** A filter that shows where it stands. */
fun tag(name: String): Filter = filter { request, next ->
  val response = next(request)
  response.header("X-Order", name)
}

/** The same in Java style. */
fun javaTag(name: String): Filter = Filter { next ->
  Handler { exchange ->
    exchange.onHead { head -> head.withHeaders(head.headers().with("X-Java", name)) }
    next.handle(exchange)
  }
}

val FakeExchange.order: List<String>
  get() = head!!.headers().all("X-Order")

class Boom(message: String = "boom") : RuntimeException(message)

class Line(val level: Level, val message: String, val error: String?, val mdc: Map<String, String>)

/** What is logged, while the block runs, to a logger. */
inline fun logged(name: String = "runnel.call", level: Level = Level.INFO, block: () -> Unit): List<Line> {
  val logger = LoggerFactory.getLogger(name) as Logger
  val lines = LogLines()
  val before = logger.level
  lines.start()
  logger.level = level
  logger.addAppender(lines)
  try {
    block()
  } finally {
    logger.detachAppender(lines)
    logger.level = before
  }
  return lines.all
}

class LogLines : AppenderBase<ILoggingEvent>() {
  val all = ArrayList<Line>()

  override fun append(event: ILoggingEvent) {
    all += Line(event.level, event.formattedMessage, event.throwableProxy?.className, event.mdcPropertyMap.toMap())
  }
}

val Response.text: String
  get() = (body() as dev.runnel.http.Body.Whole).bytes().utf8()
