-- The live topics of all applications.
SELECT topic FROM ${schema}.event_live_topic
ORDER BY topic
