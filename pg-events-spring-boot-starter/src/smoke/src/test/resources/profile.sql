CREATE TABLE IF NOT EXISTS profile (name text PRIMARY KEY, likes integer NOT NULL);
