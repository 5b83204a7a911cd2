package io.pgevents.support;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An embedded server that speaks TLS, with a certificate of its own that nobody else has signed. */
public final class TlsServer implements AutoCloseable {

    private static final String PASSWORD = "changeit";

    private final EmbeddedPostgres server;
    private final Path certificate;

    /**
     * Makes the key and starts the server.
     *
     * @param directory an empty one; it has to outlive the server
     */
    public TlsServer(Path directory) throws IOException, GeneralSecurityException, InterruptedException {
        KeyStore store = newKeyStore(directory.resolve("server.p12"));
        certificate = write(
                directory.resolve("server.crt"),
                "CERTIFICATE",
                store.getCertificate("server").getEncoded());
        Path key = write(
                directory.resolve("server.key"),
                "PRIVATE KEY",
                store.getKey("server", PASSWORD.toCharArray()).getEncoded());
        server = EmbeddedPostgres.builder()
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", certificate.toString())
                .setServerConfig("ssl_key_file", key.toString())
                .start();
    }

    /** A self-signed certificate for localhost, and its key. */
    private static KeyStore newKeyStore(Path file) throws IOException, GeneralSecurityException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", "server", "-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-dname", "CN=localhost", "-ext", "san=dns:localhost", "-validity", "2"));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), Charset.defaultCharset());
        if (keytool.waitFor() != 0) {
            throw new IOException(said);
        }
        return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    }

    /** Readable by its owner only: the server refuses any other key. */
    private static Path write(Path file, String what, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(file, "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, text));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** The certificate, as a PEM file. */
    public Path certificate() {
        return certificate;
    }

    /** The URL of its database, without parameters. */
    public String url() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
