package io.pgevents.sample.profile;

/** A request about a profile that cannot be met. */
abstract sealed class ProfileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private ProfileException(String message) {
        super(message);
    }

    /** There is no such profile. */
    static final class Unknown extends ProfileException {

        private static final long serialVersionUID = 1L;

        private final String name;

        Unknown(String name) {
            super("There is no profile " + name + ". GET /profiles lists those that exist.");
            this.name = name;
        }

        String name() {
            return name;
        }
    }

    /** Nobody follows himself. */
    static final class OwnFollower extends ProfileException {

        private static final long serialVersionUID = 1L;

        OwnFollower(String name) {
            super("A profile does not follow itself. Say who follows " + name + ": ?as=guest");
        }
    }
}
