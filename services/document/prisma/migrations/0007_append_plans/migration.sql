-- Connections live long and keep the plans of their first calls. One that was made while a table was small would read all
-- of it at each append after it has grown, until statistics are gathered: rows are always found by their keys.
ALTER FUNCTION append_group SET enable_seqscan = off;
ALTER FUNCTION append_updates SET enable_seqscan = off;
