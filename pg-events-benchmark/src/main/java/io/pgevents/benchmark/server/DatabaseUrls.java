package io.pgevents.benchmark.server;

/** Names a database in a JDBC URL. */
final class DatabaseUrls {

    private DatabaseUrls() {}

    static String withDatabase(String url, String name) {
        int query = url.indexOf('?');
        String path = query < 0 ? url : url.substring(0, query);
        int slash = path.lastIndexOf('/');
        if (slash < "jdbc:postgresql://".length()) {
            throw new IllegalArgumentException(
                    "The URL must look like jdbc:postgresql://host:port/database: \"" + url + "\"");
        }
        return path.substring(0, slash + 1) + name + (query < 0 ? "" : url.substring(query));
    }

    static String database(String url) {
        int query = url.indexOf('?');
        String path = query < 0 ? url : url.substring(0, query);
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
