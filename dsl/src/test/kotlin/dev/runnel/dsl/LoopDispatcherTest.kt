package dev.runnel.dsl

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.util.concurrent.CountDownLatch
import java.util.concurrent.RejectedExecutionException
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull

class LoopDispatcherTest :
  FunSpec({
    test("one dispatcher for a loop, equal whoever made it") {
      val loop = FakeLoop()
      LoopDispatcher.of(loop) shouldBeSameInstanceAs LoopDispatcher.of(loop)
      LoopDispatcher.of(FakeLoop()) shouldNotBe LoopDispatcher.of(loop)
      LoopDispatcher.of(loop) shouldBe LoopDispatcher.of(loop)
    }

    test("a cancelled delay and a timeout in time leave no timer behind") {
      val loop = FakeLoop()
      val scope = CoroutineScope(LoopDispatcher.of(loop))
      val job = scope.launch { delay(1.seconds) }
      loop.pendingTimers shouldBe 1
      job.cancel()
      loop.pendingTimers shouldBe 0
      scope.launch { withTimeoutOrNull(1.seconds) { delay(500) } }
      loop.advance(1.seconds)
      loop.pendingTimers shouldBe 0
    }

    test("a delay of centuries does not overflow") {
      val loop = FakeLoop()
      var woken = false
      val job =
        CoroutineScope(LoopDispatcher.of(loop)).launch {
          delay(400_000.days)
          woken = true
        }
      loop.advance(1.days)
      woken shouldBe false
      job.cancel()
    }

    test("a loop that has ended does not leave coroutines hanging: they are cancelled elsewhere") {
      val loop = FakeLoop()
      val dead =
        object : dev.runnel.io.Loop by loop {
          override fun execute(task: Runnable): Unit = throw RejectedExecutionException()
        }
      val ended = CountDownLatch(1)
      lateinit var job: Job
      job =
        CoroutineScope(LoopDispatcher.of(dead)).launch(start = CoroutineStart.UNDISPATCHED) {
          try {
            awaitCancellation()
          } finally {
            ended.countDown()
          }
        }
      Thread { job.cancel() }.start()
      ended.await()
    }
  })
