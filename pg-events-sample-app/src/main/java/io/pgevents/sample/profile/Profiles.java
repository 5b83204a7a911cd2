package io.pgevents.sample.profile;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The profiles in the database. Each method is one statement, or joins the caller's transaction. */
@Repository
class Profiles {

    private static final String FIND = """
            SELECT name, display_name, bio, colour, following, followers, likes, revision FROM profile WHERE name = ?
            """;

    private static final String LIST = """
            SELECT name, display_name, bio, colour, following, followers, likes, revision
            FROM profile ORDER BY display_name, name LIMIT 20
            """;

    /** Counted by the database: as many as want to can do it at the same time. */
    private static final String LIKE = "UPDATE profile SET likes = likes + 1 WHERE name = ?";

    private static final String FOLLOW = """
            INSERT INTO follow (follower, followee) VALUES (:follower, :followee) ON CONFLICT DO NOTHING
            """;

    private static final String UNFOLLOW = "DELETE FROM follow WHERE follower = :follower AND followee = :followee";

    private static final String FOLLOWS = """
            SELECT EXISTS (SELECT FROM follow WHERE follower = :follower AND followee = :followee)
            """;

    private static final String FOLLOWERS = """
            SELECT p.name, p.display_name, p.bio, p.colour, p.following, p.followers, p.likes, p.revision
            FROM follow f JOIN profile p ON p.name = f.follower
            WHERE f.followee = ? ORDER BY f.since DESC, p.name LIMIT 8
            """;

    private final JdbcClient jdbc;

    Profiles(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A profile as it is now.
     *
     * @throws ProfileException.Unknown if there is none
     */
    Profile get(String name) {
        return jdbc.sql(FIND)
                .param(name)
                .query(Profile.class)
                .optional()
                .orElseThrow(() -> new ProfileException.Unknown(name));
    }

    List<Profile> list() {
        return jdbc.sql(LIST).query(Profile.class).list();
    }

    /**
     * One like more.
     *
     * @throws ProfileException.Unknown if there is no such profile
     */
    void like(String name) {
        if (jdbc.sql(LIKE).param(name).update() == 0) {
            throw new ProfileException.Unknown(name);
        }
    }

    /** Follows; nothing happens if that is so already. */
    void follow(String follower, String followee) {
        jdbc.sql(FOLLOW).param("follower", follower).param("followee", followee).update();
    }

    /** Follows no longer; nothing happens if that is so already. */
    void unfollow(String follower, String followee) {
        jdbc.sql(UNFOLLOW)
                .param("follower", follower)
                .param("followee", followee)
                .update();
    }

    boolean follows(String follower, String followee) {
        return jdbc.sql(FOLLOWS)
                .param("follower", follower)
                .param("followee", followee)
                .query(Boolean.class)
                .single();
    }

    List<Profile> newestFollowers(String name) {
        return jdbc.sql(FOLLOWERS).param(name).query(Profile.class).list();
    }
}
