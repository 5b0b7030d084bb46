-- AlterTable
ALTER TABLE "notifications" ADD COLUMN     "comment_id" TEXT;

-- A mention names its comment; the entry of a thread told of the newest one by its principal.
UPDATE "notifications" SET "comment_id" = split_part("key", ':', 3)
WHERE "type" = 'mentioned' AND "key" LIKE 'thread:%:_%';
UPDATE "notifications" n SET "comment_id" = (
  SELECT c."id" FROM "comments" c WHERE c."thread_id" = split_part(n."key", ':', 2) AND c."principal" = n."principal"
  ORDER BY c."created_at" DESC, c."id" DESC LIMIT 1
)
WHERE "type" = 'commented' AND "key" LIKE 'thread:%:';
