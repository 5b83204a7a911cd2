ALTER TABLE application_table ADD name text;
