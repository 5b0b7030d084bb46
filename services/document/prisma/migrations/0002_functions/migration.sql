-- A resource's row is updated by each append: room on its page keeps that update off the indexes.
ALTER TABLE "resources" SET (fillfactor = 70);

-- Appends a batch to one log in one round trip: takes the resource's row (which puts its writers in a line and leaves
-- all other resources alone), binds client ids, checks that each belongs to its writer, and inserts the rows.
-- `outcome` is ok, missing (unknown or trashed) or epoch. A client id of somebody else raises RC403 with the index of
-- the frame as detail, which undoes everything.
-- There is no NOTIFY in here on purpose: PostgreSQL lets only one notifying transaction commit at a time, so that
-- commits of different documents would wait for each other's flush. The service notifies after the commit.
CREATE FUNCTION append_updates(
  p_resource text,
  p_epoch text,
  p_principals text[],
  p_origins text[],
  p_updates bytea[],
  p_client_ids bigint[],
  p_client_principals text[],
  p_client_frames int[],
  OUT outcome text,
  OUT last_seq bigint,
  OUT current_epoch text
) LANGUAGE plpgsql AS $$
DECLARE
  v_count int := cardinality(p_updates);
  v_foreign int;
BEGIN
  UPDATE resources r SET seq = r.seq + v_count, updated_at = clock_timestamp()
    WHERE r.id = p_resource AND r.epoch = p_epoch AND r.trashed_at IS NULL
    RETURNING r.seq, r.epoch INTO last_seq, current_epoch;
  IF NOT FOUND THEN
    SELECT r.epoch INTO current_epoch FROM resources r WHERE r.id = p_resource AND r.trashed_at IS NULL;
    outcome := CASE WHEN FOUND THEN 'epoch' ELSE 'missing' END;
    RETURN;
  END IF;

  IF cardinality(p_client_ids) > 0 THEN
    -- Ordered, so that two binders of the same ids meet in the same order.
    INSERT INTO client_ids (resource_id, client_id, principal)
      SELECT DISTINCT ON (w.client_id) p_resource, w.client_id, w.principal
      FROM unnest(p_client_ids, p_client_principals, p_client_frames) AS w (client_id, principal, frame)
      ORDER BY w.client_id, w.frame
      ON CONFLICT DO NOTHING;
    SELECT min(w.frame) INTO v_foreign
      FROM unnest(p_client_ids, p_client_principals, p_client_frames) AS w (client_id, principal, frame)
      LEFT JOIN client_ids c ON c.resource_id = p_resource AND c.client_id = w.client_id
      WHERE c.principal IS DISTINCT FROM w.principal;
    IF v_foreign IS NOT NULL THEN
      RAISE EXCEPTION 'a client id belongs to somebody else' USING ERRCODE = 'RC403', DETAIL = v_foreign::text;
    END IF;
  END IF;

  INSERT INTO updates (resource_id, seq, epoch, principal, origin, bytes)
    SELECT p_resource, last_seq - v_count + f.index, p_epoch, f.principal, f.origin, f.bytes
    FROM unnest(p_principals, p_origins, p_updates) WITH ORDINALITY AS f (principal, origin, bytes, index);
  outcome := 'ok';
END $$;

-- Records a change and wakes its readers. To be called last in its transaction: the lock is held until the commit can
-- be seen, and the cursor is drawn under it, so cursors become visible in their own order. Without it a reader at
-- cursor 8 would never see a 7 that was drawn earlier and committed later.
CREATE FUNCTION record_change(p_organization text, p_type text, p_subject jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(current_schema() || '.changes', 0));
  INSERT INTO changes (organization_id, type, subject) VALUES (p_organization, p_type, p_subject);
  PERFORM pg_notify(current_schema() || '_changes', '');
END $$;
