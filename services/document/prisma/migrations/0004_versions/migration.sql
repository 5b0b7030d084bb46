-- AlterTable
ALTER TABLE "resources" ADD COLUMN     "history_seq" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "versions" (
    "id" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "epoch" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "name" TEXT,
    "principals" TEXT[],
    "bytes" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "versions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "versions_resource_id_epoch_seq_at_idx" ON "versions"("resource_id", "epoch", "seq", "at");

-- One automatic version for the end of a spell of editing, however many processes look for it.
CREATE UNIQUE INDEX "versions_automatic_key" ON "versions"("resource_id", "epoch", "seq") WHERE "reason" = 'automatic';

-- The states are compressed already.
ALTER TABLE "versions" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
