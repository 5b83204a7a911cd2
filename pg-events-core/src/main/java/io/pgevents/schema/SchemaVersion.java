package io.pgevents.schema;

/**
 * A version of the tables. Minor versions of one major version get along.
 *
 * @param major changes when an older application could not use the tables any more
 * @param minor changes otherwise
 */
record SchemaVersion(int major, int minor) implements Comparable<SchemaVersion> {

    /** The version this library brings. */
    static final SchemaVersion CURRENT = new SchemaVersion(1, 0);

    static SchemaVersion parse(String text) {
        String[] parts = text.split("\\.", -1);
        return new SchemaVersion(Integer.parseInt(parts[0]), parts.length > 1 ? Integer.parseInt(parts[1]) : 0);
    }

    boolean isUsableBy(SchemaVersion library) {
        return major == library.major;
    }

    @Override
    public int compareTo(SchemaVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
