package dev.runnel.dsl

import dev.runnel.engine.Tls
import dev.runnel.engine.Tls.ClientAuth
import dev.runnel.testing.TcpPeer
import dev.runnel.testing.TlsFiles
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

class TlsTest :
  FunSpec({
    val server = TlsFiles.file("server.pem")
    val key = TlsFiles.file("server.key")

    test("a server speaks TLS, and the handler sees what was agreed and who is there") {
      val secure = tls {
        pem(server, key)
        clientAuth = ClientAuth.REQUIRED
        trustPem(TlsFiles.file("ca.pem"))
        profile = Tls.Profile.MODERN
      }
      val running =
        start(port = 0, tls = secure) {
          use(hsts())
          GET("/") { req ->
            val info = checkNotNull(req.tls())
            ok("${req.scheme()} ${info.protocol()} ${info.peerCertificate()?.subjectX500Principal}")
          }
        }
      running.use {
        running.uri().scheme shouldBe "https"
        TcpPeer.tls(running.port(), TlsFiles.client("client.p12")) {}
          .use { peer ->
            val answer = peer.request("GET / HTTP/1.1\nHost: localhost\nConnection: close\n\n").answer()
            answer.body() shouldBe "https TLSv1.3 CN=client"
            answer.header("Strict-Transport-Security") shouldBe "max-age=31536000"
          }
      }
    }

    test("all settings reach the engine") {
      val made = tls {
        pem(server, key, "p")
        pemText("chain", "key")
        keyStore(TlsFiles.file("server.p12"), TlsFiles.PASSWORD, "server")
        devCertificate()
        clientAuth = ClientAuth.WANTED
        trustPemText("ca")
        trustStore(TlsFiles.file("trust.p12"), TlsFiles.PASSWORD)
        engine = Tls.Engine.JDK
        alpn = listOf("http/1.1")
        reloadEvery = Duration.ZERO
        sessionTimeout = 1.hours
      }
      made.certificates() shouldHaveSize 4
      made.trust() shouldHaveSize 2
      made.clientAuth() shouldBe ClientAuth.WANTED
      made.engine() shouldBe Tls.Engine.JDK
      made.alpn() shouldContainExactly listOf("http/1.1")
      made.reloadEvery() shouldBe java.time.Duration.ZERO
      made.sessionTimeout() shouldBe 1.hours.toJavaDuration()
    }

    test("the defaults are those of the Java face") {
      val kotlin = tls { pem(server, key) }
      val java = Tls.pem(server, key)
      kotlin.certificates() shouldBe java.certificates()
      kotlin.profile() shouldBe java.profile()
      kotlin.engine() shouldBe java.engine()
      kotlin.alpn() shouldBe java.alpn()
      kotlin.reloadEvery() shouldBe java.reloadEvery()
      kotlin.reloadEvery() shouldBe 10.seconds.toJavaDuration()
      kotlin.sessionTimeout() shouldBe java.sessionTimeout()
    }

    test("no certificate is an error that says what to call") {
      shouldThrow<IllegalArgumentException> { tls {} }.message shouldContain "devCertificate()"
    }
  })
