package dev.runnel.dsl

import dev.runnel.engine.Tls
import dev.runnel.engine.TlsCertificate
import dev.runnel.engine.TlsTrust
import java.nio.file.Path
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/**
 * How a server speaks TLS, for [start] and [serve]: `tls { pem(Path("chain.pem"), Path("key.pem")) }`. Files are read
 * when the server starts.
 *
 * @throws IllegalArgumentException if there is no certificate, or clients are asked for certificates that nothing
 *   vouches for
 */
public fun tls(build: TlsScope.() -> Unit): Tls = TlsScope().apply(build).build()

/**
 * Certificates and settings of [tls]. The first certificate is used where no other fits the host name that a client
 * asks for.
 */
@RunnelDsl
public class TlsScope internal constructor() {
  private val certificates = mutableListOf<TlsCertificate>()
  private val trust = mutableListOf<TlsTrust>()

  /** Versions and ciphers. */
  public var profile: Tls.Profile = Tls.Profile.INTERMEDIATE

  /** What encrypts. */
  public var engine: Tls.Engine = Tls.Engine.AUTO

  /** Whether clients are asked for a certificate. */
  public var clientAuth: Tls.ClientAuth = Tls.ClientAuth.NONE

  /** The protocols offered by ALPN, the preferred one first. */
  public var alpn: List<String> = listOf("h2", "http/1.1")

  /** How often files are looked at for a change; [Duration.ZERO] is never. */
  public var reloadEvery: Duration = 10.seconds

  /** How long a session can be resumed after its full handshake. */
  public var sessionTimeout: Duration = 24.hours

  /** One more certificate, from PEM files; see [TlsCertificate.PemFiles]. */
  public fun pem(chain: Path, key: Path, password: String? = null) {
    certificates += TlsCertificate.PemFiles(chain, key, password)
  }

  /** One more certificate, from PEM text. */
  public fun pemText(chain: String, key: String, password: String? = null) {
    certificates += TlsCertificate.PemText(chain, key, password)
  }

  /** One more certificate, from a PKCS #12 or JKS file; the alias may be left out where there is one key. */
  public fun keyStore(file: Path, password: String, alias: String? = null) {
    certificates += TlsCertificate.Store(file, password, alias)
  }

  /** One more certificate: the one of [Tls.devCertificate], for localhost, kept in the user's state directory. */
  public fun devCertificate() {
    certificates += TlsCertificate.Development(null)
  }

  /** More certificates that vouch for those of clients, from a PEM file. */
  public fun trustPem(file: Path) {
    trust += TlsTrust.PemFile(file)
  }

  /** More certificates that vouch for those of clients, from PEM text. */
  public fun trustPemText(certificates: String) {
    trust += TlsTrust.PemText(certificates)
  }

  /** More certificates that vouch for those of clients, from a PKCS #12 or JKS file. */
  public fun trustStore(file: Path, password: String) {
    trust += TlsTrust.Store(file, password)
  }

  internal fun build(): Tls {
    val builder =
      Tls.builder()
        .profile(profile)
        .engine(engine)
        .clientAuth(clientAuth)
        .alpn(*alpn.toTypedArray())
        .reloadEvery(reloadEvery.toJavaDuration())
        .sessionTimeout(sessionTimeout.toJavaDuration())
    val certified = certificates.fold(builder) { all, certificate -> all.certificate(certificate) }
    return trust.fold(certified) { all, trusted -> all.trust(trusted) }.build()
  }
}
