-- DropIndex
DROP INDEX "teams_organization_id_name_key";

-- AlterTable
ALTER TABLE "invitations" ADD COLUMN     "days" INTEGER NOT NULL DEFAULT 7;

-- AlterTable
ALTER TABLE "teams" ADD COLUMN     "name_key" TEXT;
UPDATE "teams" SET "name_key" = lower("name");
ALTER TABLE "teams" ALTER COLUMN "name_key" SET NOT NULL;

-- CreateTable
CREATE TABLE "followed" (
    "source" TEXT NOT NULL,
    "cursor" BIGINT NOT NULL,

    CONSTRAINT "followed_pkey" PRIMARY KEY ("source")
);

-- CreateIndex
CREATE UNIQUE INDEX "teams_organization_id_name_key_key" ON "teams"("organization_id", "name_key");

-- CreateIndex
CREATE INDEX "audit_entries_at_idx" ON "audit_entries"("at");
