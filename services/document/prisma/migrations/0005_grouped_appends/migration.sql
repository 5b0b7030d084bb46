-- Appends to many logs in one round trip and one commit, as `append_updates` does to one. It waits for nobody: a
-- resource that is locked answers `busy`, and nothing of it is written. Whatever is wrong with one resource is an outcome
-- of that one and leaves the others alone: ok, missing (unknown or trashed), epoch, foreign (a client id of somebody
-- else, with its frame), busy. Answers a row for each resource, by its place among `p_resources` (from 1), of which none
-- may occur twice. Frames and client ids name their resource by that place; frames stand in their order within it, and
-- client ids name their frame from 0. The bytes of all updates are one value, of which each frame is a part.
CREATE FUNCTION append_group(
  p_resources text[],
  p_epochs text[],
  p_counts int[],
  p_frame_places int[],
  p_frame_numbers int[],
  p_principals text[],
  p_origins text[],
  p_starts int[],
  p_lengths int[],
  p_bytes bytea,
  p_client_places int[],
  p_client_frames int[],
  p_client_ids bigint[],
  p_client_principals text[]
) RETURNS TABLE (place int, outcome text, last_seq bigint, current_epoch text, frame int) LANGUAGE plpgsql AS $$
DECLARE
  v_outcomes text[] := array_fill(NULL::text, ARRAY[cardinality(p_resources)]);
  v_epochs text[] := v_outcomes;
  v_seqs bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(p_resources)]);
  v_foreign int[] := array_fill(NULL::int, ARRAY[cardinality(p_resources)]);
  v_bound_places int[];
  v_bound_ids bigint[];
  v record;
BEGIN
  FOR v IN
    SELECT d.place, r.epoch, r.trashed_at IS NULL AS here
    FROM unnest(p_resources) WITH ORDINALITY AS d (id, place)
    JOIN (
      SELECT r.id, r.epoch, r.trashed_at FROM resources r WHERE r.id = ANY (p_resources)
      FOR NO KEY UPDATE SKIP LOCKED
    ) r ON r.id = d.id
  LOOP
    v_epochs[v.place] := v.epoch;
    v_outcomes[v.place] := CASE
      WHEN NOT v.here THEN 'missing' WHEN v.epoch <> p_epochs[v.place] THEN 'epoch' ELSE 'ok' END;
  END LOOP;

  IF array_position(v_outcomes, NULL) IS NOT NULL THEN
    FOR v IN
      SELECT d.place, EXISTS (SELECT FROM resources r WHERE r.id = d.id) AS here
      FROM unnest(p_resources) WITH ORDINALITY AS d (id, place) WHERE v_outcomes[d.place] IS NULL
    LOOP
      v_outcomes[v.place] := CASE WHEN v.here THEN 'busy' ELSE 'missing' END;
    END LOOP;
  END IF;

  -- Ids that are not bound yet, or to somebody else; nearly always none.
  FOR v IN
    SELECT w.place, min(w.frame) FILTER (WHERE c.principal IS NOT NULL) AS frame
    FROM unnest(p_client_places, p_client_frames, p_client_ids, p_client_principals) AS w (place, frame, id, principal)
    LEFT JOIN client_ids c ON c.resource_id = p_resources[w.place] AND c.client_id = w.id
    WHERE v_outcomes[w.place] = 'ok' AND c.principal IS DISTINCT FROM w.principal
    GROUP BY w.place
  LOOP
    IF v.frame IS NULL THEN
      v_outcomes[v.place] := 'binding';
    ELSE
      v_outcomes[v.place] := 'foreign';
      v_foreign[v.place] := v.frame;
    END IF;
  END LOOP;

  IF 'binding' = ANY (v_outcomes) THEN
    -- Only this resource's writers bind, under its row, and whoever joins it, one id at a time: no two can wait for
    -- each other.
    WITH bound AS (
      INSERT INTO client_ids (resource_id, client_id, principal)
        SELECT DISTINCT ON (w.place, w.id) p_resources[w.place], w.id, w.principal
        FROM unnest(p_client_places, p_client_frames, p_client_ids, p_client_principals)
          AS w (place, frame, id, principal)
        WHERE v_outcomes[w.place] = 'binding'
        ORDER BY w.place, w.id, w.frame
        ON CONFLICT DO NOTHING
        RETURNING resource_id, client_id
    )
    SELECT array_agg(array_position(p_resources, b.resource_id)), array_agg(b.client_id)
      INTO v_bound_places, v_bound_ids FROM bound b;
    FOR v IN
      SELECT w.place, min(w.frame) FILTER (WHERE c.principal IS DISTINCT FROM w.principal) AS frame
      FROM unnest(p_client_places, p_client_frames, p_client_ids, p_client_principals) AS w (place, frame, id, principal)
      LEFT JOIN client_ids c ON c.resource_id = p_resources[w.place] AND c.client_id = w.id
      WHERE v_outcomes[w.place] = 'binding'
      GROUP BY w.place
    LOOP
      v_outcomes[v.place] := CASE WHEN v.frame IS NULL THEN 'ok' ELSE 'foreign' END;
      v_foreign[v.place] := v.frame;
    END LOOP;
    -- Nothing of a refused resource is written, bindings included.
    DELETE FROM client_ids c USING unnest(v_bound_places, v_bound_ids) AS b (place, id)
      WHERE v_outcomes[b.place] = 'foreign' AND c.resource_id = p_resources[b.place] AND c.client_id = b.id;
  END IF;

  FOR v IN
    WITH grown AS (
      UPDATE resources r SET seq = r.seq + d.count, updated_at = clock_timestamp()
      FROM unnest(p_resources, p_counts) WITH ORDINALITY AS d (id, count, place)
      WHERE v_outcomes[d.place] = 'ok' AND r.id = d.id
      RETURNING d.place, r.id, r.epoch, r.seq, d.count
    ), written AS (
      INSERT INTO updates (resource_id, seq, epoch, principal, origin, bytes)
        SELECT g.id, g.seq - g.count + f.number, g.epoch, f.principal, f.origin, substring(p_bytes, f.start, f.length)
        FROM unnest(p_frame_places, p_frame_numbers, p_principals, p_origins, p_starts, p_lengths)
          AS f (place, number, principal, origin, start, length)
        JOIN grown g ON g.place = f.place
    )
    SELECT g.place, g.seq FROM grown g
  LOOP
    v_seqs[v.place] := v.seq;
  END LOOP;

  RETURN QUERY SELECT o.place::int, o.outcome, v_seqs[o.place], v_epochs[o.place], v_foreign[o.place]
    FROM unnest(v_outcomes) WITH ORDINALITY AS o (outcome, place);
END $$;
