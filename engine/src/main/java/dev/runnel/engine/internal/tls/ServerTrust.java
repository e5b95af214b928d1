package dev.runnel.engine.internal.tls;

import dev.runnel.engine.TlsException;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The JDK's judgement of a server's certificate, with words that help where it is bad. */
final class ServerTrust extends X509ExtendedTrustManager {
  /** GeneralNames of types dNSName and iPAddress (RFC 5280 4.2.1.6). */
  private static final List<Integer> NAMES = List.of(2, 7);

  private static final int MOST_NAMES = 6;

  private final X509ExtendedTrustManager judge;
  private final boolean ownRoots;

  private ServerTrust(X509ExtendedTrustManager judge, boolean ownRoots) {
    this.judge = judge;
    this.ownRoots = ownRoots;
  }

  /**
   * A judge.
   *
   * @param roots what vouches for servers; empty is what the JDK trusts
   */
  static ServerTrust of(List<X509Certificate> roots) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(roots.isEmpty() ? null : store(roots));
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager judge) {
          return new ServerTrust(judge, !roots.isEmpty());
        }
      }
      throw new TlsException("the JDK's trust manager cannot check names", null);
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsException("what vouches for servers cannot be used: " + e.getMessage(), e);
    }
  }

  private static KeyStore store(List<X509Certificate> roots)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < roots.size(); i++) {
      store.setCertificateEntry(Integer.toString(i), roots.get(i));
    }
    return store;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      chain[0].checkValidity(); // the JDK does not look at one that is trusted by itself
      judge.checkServerTrusted(chain, authType, engine);
    } catch (CertificateException e) {
      throw new CertificateException(new Distrust(words(chain[0], e, engine.getPeerHost()), e));
    }
  }

  private String words(X509Certificate own, CertificateException e, @Nullable String host) {
    String whose = "the server's certificate (" + own.getSubjectX500Principal() + ") ";
    if (e instanceof CertificateExpiredException) {
      return whose + "has expired, at " + own.getNotAfter().toInstant();
    }
    if (e instanceof CertificateNotYetValidException) {
      return whose
          + "is not valid before "
          + own.getNotBefore().toInstant()
          + ": is this machine's clock right?";
    }
    if (has(e, CertificateExpiredException.class)) {
      return whose + "is signed by one that has expired";
    }
    if (has(e, CertPathBuilderException.class)) {
      return whose
          + "is signed by nobody that is trusted here; its issuer is "
          + own.getIssuerX500Principal()
          + (ownRoots ? ", which is not in the trust that was set" : ": trust it with trust(file)");
    }
    // The JDK looks at the name last, when it found nothing else.
    List<String> names = names(own);
    return whose
        + (names.contains("unreadable names") || e.getMessage() == null || !isAboutName(e)
            ? "is not to be trusted: " + e.getMessage()
            : "is for " + shown(names) + ", not for " + host);
  }

  private static boolean isAboutName(CertificateException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("No subject alternative") || message.contains("No name matching");
  }

  private static boolean has(Throwable e, Class<? extends Throwable> kind) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> names(X509Certificate own) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = own.getSubjectAlternativeNames();
      for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
        if (NAMES.contains(name.get(0))) {
          names.add(String.valueOf(name.get(1)));
        }
      }
    } catch (CertificateParsingException e) {
      return List.of("unreadable names");
    }
    return names;
  }

  private static String shown(List<String> names) {
    if (names.isEmpty()) {
      return "no host";
    }
    int more = names.size() - MOST_NAMES;
    return String.join(", ", more > 0 ? names.subList(0, MOST_NAMES) : names)
        + (more > 0 ? " and " + more + " more" : "");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    judge.checkServerTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    judge.checkServerTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    judge.checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    judge.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    judge.checkClientTrusted(chain, authType, engine);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return judge.getAcceptedIssuers();
  }

  /** Why a server is not trusted, as a sentence for its user. */
  static final class Distrust extends Exception {
    private static final long serialVersionUID = 1;

    Distrust(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
