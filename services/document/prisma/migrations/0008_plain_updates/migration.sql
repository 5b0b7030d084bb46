-- A large update is committed while a room waits for it: compressing it took longer than writing it. Rows live until
-- they are compacted, and snapshots are compressed by themselves.
ALTER TABLE "updates" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
