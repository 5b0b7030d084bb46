-- AlterTable
ALTER TABLE "resources" ADD COLUMN     "compacted_seq" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "replaced_at" TIMESTAMPTZ(3);

-- All of them were derived from logs that are whole; the next ones are compressed and have a digest.
DELETE FROM "snapshots";

-- AlterTable
ALTER TABLE "snapshots" DROP CONSTRAINT "snapshots_pkey",
DROP COLUMN "kind",
ADD COLUMN     "digest" BYTEA NOT NULL,
ADD CONSTRAINT "snapshots_pkey" PRIMARY KEY ("resource_id", "epoch", "seq");

-- CreateTable
CREATE TABLE "authorship" (
    "resource_id" TEXT NOT NULL,
    "epoch" TEXT NOT NULL,
    "client_id" BIGINT NOT NULL,
    "clock" BIGINT NOT NULL,
    "length" BIGINT NOT NULL,
    "principal" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "authorship_pkey" PRIMARY KEY ("resource_id","epoch","client_id","clock")
);

-- CreateTable
CREATE TABLE "log_troubles" (
    "resource_id" TEXT NOT NULL,
    "epoch" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "log_troubles_pkey" PRIMARY KEY ("resource_id")
);

-- The states are compressed already.
ALTER TABLE "snapshots" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
