-- AlterTable
ALTER TABLE "search_texts" ADD COLUMN     "folded" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "folded_title" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "grams" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateIndex
CREATE INDEX "search_texts_grams_idx" ON "search_texts" USING GIN ("grams");

-- Words of alphabets are found by their trigrams. Where the extension cannot be had, search reads the texts of the
-- organization instead.
DO $$
DECLARE
  v_schema text := (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm');
BEGIN
  IF v_schema IS NOT NULL THEN
    EXECUTE format('CREATE INDEX search_texts_folded_idx ON search_texts USING gin (folded %s.gin_trgm_ops)', v_schema);
  ELSE
    RAISE WARNING 'search has no index of words: the extension pg_trgm is missing';
  END IF;
END $$;

-- Few rows each, for work that looks for them again and again.
CREATE INDEX resources_trash_idx ON resources (organization_id, trashed_at) WHERE trashed_at IS NOT NULL;
CREATE INDEX notifications_unread_idx ON notifications (user_id) WHERE read_at IS NULL;
