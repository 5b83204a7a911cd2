-- The profiles of the shop's customers. All counting is done here, so it is right whoever counts, and however many at once.

-- Of two images of a row the one with the higher revision is newer, also if the row was deleted and inserted in between.
CREATE SEQUENCE profile_revision;

CREATE TABLE profile (
    name         text   PRIMARY KEY CHECK (name ~ '^[a-z0-9_-]{1,40}$'),
    display_name text   NOT NULL CHECK (display_name <> ''),
    bio          text   NOT NULL,
    colour       text   NOT NULL CHECK (colour IN ('blue', 'green', 'amber', 'rose', 'violet', 'slate')),
    following    bigint NOT NULL DEFAULT 0 CHECK (following >= 0),
    followers    bigint NOT NULL DEFAULT 0 CHECK (followers >= 0),
    likes        bigint NOT NULL DEFAULT 0 CHECK (likes >= 0),
    revision     bigint NOT NULL DEFAULT nextval('profile_revision')
);

CREATE FUNCTION profile_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := nextval('profile_revision');
    RETURN NEW;
END
$$;
CREATE TRIGGER profile_revise BEFORE UPDATE ON profile FOR EACH ROW EXECUTE FUNCTION profile_revise();

CREATE TABLE follow (
    follower text        NOT NULL REFERENCES profile ON DELETE CASCADE,
    followee text        NOT NULL REFERENCES profile ON DELETE CASCADE,
    since    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (followee, follower),
    CHECK (follower <> followee)
);
CREATE INDEX follow_follower ON follow (follower);

-- Whoever follows, by the page or by psql, is counted on both sides.
CREATE FUNCTION follow_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed follow  := coalesce(NEW, OLD);
    step    integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    -- Both rows in one order, so that two who follow each other at the same moment do not wait for each other for ever.
    PERFORM FROM profile WHERE name IN (changed.follower, changed.followee) ORDER BY name FOR NO KEY UPDATE;
    UPDATE profile SET followers = followers + step WHERE name = changed.followee;
    UPDATE profile SET following = following + step WHERE name = changed.follower;
    RETURN NULL;
END
$$;
CREATE TRIGGER follow_count AFTER INSERT OR DELETE ON follow FOR EACH ROW EXECUTE FUNCTION follow_count();

INSERT INTO profile (name, display_name, bio, colour, likes) VALUES
    ('ada', 'Ada', 'Has ordered every book in the shop, some of them twice, to compare the margins.', 'blue', 1284),
    ('barbara', 'Barbara', 'Any lamp of hers can be replaced by a better lamp.', 'violet', 655),
    ('edsger', 'Edsger', 'Writes with a fountain pen. Considers the teapot harmful.', 'slate', 418),
    ('grace', 'Grace', 'Collects lamps. Keeps one moth in a notebook, for good luck.', 'amber', 907),
    ('guest', 'Guest', 'Just looking.', 'slate', 0),
    ('hedy', 'Hedy', 'Hops between frequencies, and between signed prints.', 'rose', 312),
    ('radia', 'Radia', 'Plants trees that span the whole garden.', 'green', 530);
INSERT INTO follow (follower, followee) VALUES
    ('grace', 'ada'), ('barbara', 'ada'), ('radia', 'ada'), ('edsger', 'ada'),
    ('ada', 'grace'), ('hedy', 'grace'), ('radia', 'grace'),
    ('ada', 'barbara'), ('grace', 'barbara'),
    ('barbara', 'edsger'), ('ada', 'radia'), ('grace', 'hedy'), ('radia', 'hedy');
