package dev.runnel.samples.secure

import dev.runnel.dsl.hsts
import dev.runnel.dsl.ok
import dev.runnel.dsl.routes
import dev.runnel.dsl.serve
import dev.runnel.dsl.tls
import dev.runnel.engine.Tls
import dev.runnel.routing.Routes
import java.nio.file.Path

// snippet:tls-info
/** Tells clients who they are, by their certificates. */
fun secureRoutes(): Routes = routes {
  use(hsts())
  GET("/whoami") { req ->
    val peer = req.tls()?.peerCertificate()
    ok(peer?.subjectX500Principal?.name ?: "nobody")
  }
}

// end

// snippet:tls-kotlin
/** TLS with certificates of [directory], for clients that may show one that the CA there has signed. */
fun certificatesOf(directory: Path): Tls = tls {
  pem(directory.resolve("chain.pem"), directory.resolve("key.pem"))
  clientAuth = Tls.ClientAuth.WANTED
  trustPem(directory.resolve("ca.pem"))
}

// end

/** With a directory of certificates as the argument, or with the development certificate. */
fun main(args: Array<String>) {
  val secure = if (args.isEmpty()) Tls.devCertificate() else certificatesOf(Path.of(args[0]))
  serve(secureRoutes(), port = 8443, tls = secure)
}
