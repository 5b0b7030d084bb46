-- Records a change and wakes its readers. To be called last in its transaction: the lock is held until the commit can
-- be seen, and the cursor is drawn under it, so cursors become visible in their own order. Without it a reader at
-- cursor 8 would never see a 7 that was drawn earlier and committed later.
CREATE FUNCTION record_change(p_type text, p_subject jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || '.changes', 0));
  INSERT INTO changes (type, subject) VALUES (p_type, p_subject);
  PERFORM pg_notify(current_schema() || '_changes', '');
END $$;
